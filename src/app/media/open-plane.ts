/** Opens a media plane in this thread: its socket and its codecs. */

import type { Log } from '../../core/log.js';
import type { HostPort } from '../../core/settings/addresses.js';
import { loadOpusDecoder } from '../../io/media/opus-decoder.js';
import { loadResamplers } from '../../io/media/resamplers.js';
import { RtpSocket } from '../../io/media/rtp-socket.js';
import type { StreamingOptions } from '../call-streams.js';
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

/** Rejects with OPUS_UNAVAILABLE, MEDIA_LISTEN_FAILED. */
export async function openPlane({ listen, wantsOpus, ...others }: PlaneStart, log: Log): Promise<MediaPlane> {
  const codecs = await loadCodecs(wantsOpus, log);
  const rtp = await RtpSocket.open(listen, log);
  return new MediaPlane({ rtp, codecs, log, ...others });
}

async function loadCodecs(wantsOpus: boolean, log: Log): Promise<Codecs> {
  const createResampler = await loadResamplers(log);
  return wantsOpus ? { createResampler, createOpusDecoder: await loadOpusDecoder() } : { createResampler };
}
