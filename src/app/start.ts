/** The add-on: builds its parts from the settings, streams calls until it is told to stop, and leaves nothing in Asterisk. */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { matcherOf } from '../core/call/name-pattern.js';
import { ResourceNames } from '../core/call/resource-id.js';
import type { Log } from '../core/log.js';
import type { ParticipantStreamOptions } from '../core/participant-stream.js';
import { FRAGMENT_SAMPLES } from '../core/relay/protocol.js';
import { shownAddress } from '../core/settings/redact.js';
import type { MediaSettings, Settings, StreamingSettings } from '../core/settings/settings.js';
import { AriHttp } from '../io/ari/ari-http.js';
import { AriRequests } from '../io/ari/ari-requests.js';
import { loadOpusDecoder } from '../io/media/opus-decoder.js';
import { loadResamplers } from '../io/media/resamplers.js';
import { RtpSocket } from '../io/media/rtp-socket.js';
import type { RelayDestination } from '../io/relay/relay-socket.js';
import { keepAsteriskLink } from './asterisk-link.js';
import type { Reloads } from './reloads.js';
import { StreamedCalls } from './streamed-calls.js';

/** What is not delivered or removed by then, after the signal to stop, is left. */
const SHUTDOWN_LIMIT_MS = 5000;

/**
 * Runs until the signal aborts, then ends all streams in order.
 * Rejects with what keeps it from running: MEDIA_LISTEN_FAILED, OPUS_UNAVAILABLE, ARI_APP_TAKEN.
 */
export async function start(settings: Settings, log: Log, signal: AbortSignal, _reloads?: Reloads): Promise<void> {
  const { asterisk, media, streaming } = settings;
  const stream = await streamOptions(settings, log);
  const rtp = await RtpSocket.open(media.listen, log);
  const http = new AriHttp(asterisk);
  const ari = new AriRequests(http);
  const advertised = advertisedAddress(media, rtp.port);
  log.info('listening for RTP', {
    on: `${media.listen.host}:${rtp.port}`,
    advertised,
    bufferOctets: rtp.receiveBufferOctets,
  });
  warnOfNothingToDo(streaming, log);

  const calls = new StreamedCalls({
    isSubscribed: streaming.enable ? matcherOf(streaming.subscriptions.extensions) : () => false,
    taps: {
      ari,
      application: asterisk.app,
      names: new ResourceNames(asterisk.app, randomBytes(4).toString('hex')),
      rtp,
      advertised,
      format: media.format,
      sampleRate: streaming.sampleRate,
      log,
    },
    stream,
    destination: destinationOf(streaming),
    capacity: Math.ceil((streaming.bufferSeconds * stream.sampleRate) / stream.fragmentSamples),
    log,
  });

  const unlink = new AbortController();
  const link = keepAsteriskLink(
    {
      server: asterisk,
      application: asterisk.app,
      ari,
      log,
      onEvent: (event) => calls.onEvent(event),
      onResync: () => calls.resync(),
      onSnapshot: (channels, bridgeIds) => calls.onSnapshot(channels, bridgeIds),
    },
    unlink.signal,
  );
  try {
    await Promise.race([link, untilAborted(signal)]);
  } finally {
    // The link stays up meanwhile: what is ours in Asterisk is removed over it.
    await Promise.race([calls.shutDown(), pause(SHUTDOWN_LIMIT_MS, undefined, { ref: false })]);
    unlink.abort();
    await link.catch(() => {});
    await rtp.close();
    http.close();
  }
  log.info('stopped');
}

async function streamOptions({ media, streaming }: Settings, log: Log): Promise<ParticipantStreamOptions> {
  const { sampleRate } = streaming;
  const createResampler = await loadResamplers(log);
  const options = { sampleRate, fragmentSamples: FRAGMENT_SAMPLES[sampleRate], createResampler };
  return media.format === 'opus' ? { ...options, createOpusDecoder: await loadOpusDecoder() } : options;
}

function destinationOf({ serverAddress = '', secret, ca }: StreamingSettings): RelayDestination {
  return { url: serverAddress, shownAs: shownAddress(serverAddress), secret, ca };
}

function warnOfNothingToDo({ enable, subscriptions }: StreamingSettings, log: Log): void {
  if (!enable) log.warn('streaming.enable is false: no call is streamed');
  else if (subscriptions.extensions.length === 0) {
    log.warn('streaming.subscriptions.extensions is empty: no call is streamed; name extensions, or * for all');
  }
  if (subscriptions.trunks.length + subscriptions.dids.length > 0) {
    log.warn('streaming.subscriptions.trunks and .dids have no effect yet: subscribe to extensions');
  }
}

function advertisedAddress({ advertise, listen }: MediaSettings, boundPort: number): string {
  const host = isIPv6(advertise.host) ? `[${advertise.host}]` : advertise.host;
  // An advertised port that differs from the bound one is somebody's port forwarding.
  return `${host}:${advertise.port ?? (listen.port === 0 ? boundPort : listen.port)}`;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
