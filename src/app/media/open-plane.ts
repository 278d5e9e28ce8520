/** Opens a media plane in this thread: its socket and its codecs. */

import type { Log } from '../../core/log.js';
import { ReadingPace } from '../../core/rtp/reading-pace.js';
import type { HostPort } from '../../core/settings/addresses.js';
import { loadOpusDecoder } from '../../io/media/opus-decoder.js';
import { loadResamplers } from '../../io/media/resamplers.js';
import { RtpSocket, type TurnListener } from '../../io/media/rtp-socket.js';
import { writeDue } from '../../io/relay/turn-writes.js';
import type { StreamingOptions } from '../call-streams.js';
import { monotonicMs } from '../drive.js';
import type { Codecs } from '../streaming-options.js';
import { MediaPlane } from './media-plane.js';

/** What a media plane is made of, as plain data. */
export interface PlaneStart {
  readonly listen: HostPort;
  /** Asterisk is asked for Opus. */
  readonly wantsOpus: boolean;
  readonly streaming: StreamingOptions;
  /** How many media planes there are, this one among them. Default: 1. */
  readonly planes?: number;
}

/**
 * Rejects with OPUS_UNAVAILABLE, MEDIA_LISTEN_FAILED. `rest` does nothing for so many ms; where there is none, packets are read
 * as they come.
 */
export async function openPlane(
  { listen, wantsOpus, ...others }: PlaneStart,
  log: Log,
  rest?: (ms: number) => void,
): Promise<MediaPlane> {
  const codecs = await loadCodecs(wantsOpus, log);
  const rtp = await RtpSocket.open(listen, log, rest && restingBy(rest));
  return new MediaPlane({ rtp, codecs, log, ...others });
}

function restingBy(rest: (ms: number) => void): TurnListener {
  const pace = new ReadingPace();
  return (packets) => {
    writeDue();
    const ms = pace.restAfter(packets, monotonicMs());
    if (ms > 0) rest(ms);
  };
}

async function loadCodecs(wantsOpus: boolean, log: Log): Promise<Codecs> {
  const createResampler = loadResamplers(log);
  return wantsOpus ? { createResampler, createOpusDecoder: await loadOpusDecoder() } : { createResampler };
}
