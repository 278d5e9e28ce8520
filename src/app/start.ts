/** The add-on: builds its parts from the settings, streams calls until it is told to stop, and leaves nothing in Asterisk. */

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ResourceNames } from '../core/call/resource-id.js';
import type { Log } from '../core/log.js';
import { hostPort } from '../core/settings/addresses.js';
import type { Settings } from '../core/settings/settings.js';
import { AriHttp } from '../io/ari/ari-http.js';
import { AriRequests } from '../io/ari/ari-requests.js';
import { TimedTransport } from '../io/ari/timed-transport.js';
import { loadOpusDecoder } from '../io/media/opus-decoder.js';
import { loadResamplers } from '../io/media/resamplers.js';
import { RtpSocket } from '../io/media/rtp-socket.js';
import { OtlpTraces } from '../io/monitoring/otlp-traces.js';
import { packageVersion } from '../io/package-version.js';
import { advertisedAddress } from './advertised-address.js';
import { AsteriskHealth } from './asterisk-health.js';
import { keepAsteriskLink, type LinkWatcher } from './asterisk-link.js';
import { Monitoring } from './monitoring.js';
import { Opened } from './opened.js';
import { openPage, type PageExtras } from './portal/page.js';
import { ReceiverHealth } from './receiver-health.js';
import type { Reloads } from './reloads.js';
import { RtpHealth } from './rtp-health.js';
import { StreamedCalls } from './streamed-calls.js';
import {
  type Codecs,
  isStreaming,
  streamingOptions,
  trackingSettings,
  warnOfNothingToDo,
} from './streaming-options.js';
import { Tally } from './tally.js';
import { untilAborted } from './until-aborted.js';

/** What may take part beside the settings. */
export interface StartExtras {
  readonly reloads?: Reloads | undefined;
  readonly watcher?: LinkWatcher | undefined;
  /** What the page needs; without it there is none, whatever the settings say. */
  readonly page?: PageExtras | undefined;
}

/** What is not delivered or removed by then, after the signal to stop, is left. */
const SHUTDOWN_LIMIT_MS = 5000;

/**
 * Runs until the signal aborts, then ends all streams in order. Rejects with what keeps it from running: MEDIA_LISTEN_FAILED,
 * MONITORING_LISTEN_FAILED, PORTAL_LISTEN_FAILED, PORTAL_CERTIFICATE_UNUSABLE, ACCESS_FILE_UNUSABLE, OPUS_UNAVAILABLE,
 * TRACES_UNAVAILABLE, ARI_APP_TAKEN.
 */
export async function start(
  settings: Settings,
  log: Log,
  signal: AbortSignal,
  extras: StartExtras = {},
): Promise<void> {
  const opened = new Opened();
  try {
    await run(settings, log, signal, extras, opened);
  } finally {
    await opened.close();
  }
}

async function run(
  settings: Settings,
  log: Log,
  signal: AbortSignal,
  { reloads, watcher, page }: StartExtras,
  opened: Opened,
): Promise<void> {
  const { asterisk, media, streaming } = settings;
  const version = packageVersion();
  const codecs = await loadCodecs(settings, log);
  const traces = await loadTraces(settings, version, log, opened);
  const rtp = opened.add(await RtpSocket.open(media.listen, log), (socket) => socket.close());
  const http = opened.add(new AriHttp(asterisk), (client) => client.close());
  const tally = new Tally(traces);
  const transport = new TimedTransport(http, (error) => tally.requestFailures.add(error));
  const ari = new AriRequests(transport);
  const health = new AsteriskHealth();
  const receiver = new ReceiverHealth(log);
  const advertised = advertisedAddress(media, rtp.port);
  const rtpHealth = new RtpHealth({
    advertised,
    listening: hostPort(media.listen.host, rtp.port),
    format: media.format,
    strangers: () => rtp.strangers,
    ownAddress: () => http.lastAnswer?.ownAddress,
    log,
  });
  log.info('listening for RTP', {
    on: `${media.listen.host}:${rtp.port}`,
    advertised,
    bufferOctets: rtp.receiveBufferOctets,
  });
  const sources = { tally, rtp, ari: transport, asterisk: health, receiver, rtpHealth };
  const { listen: monitoringListen } = settings.monitoring;
  if (monitoringListen !== undefined) {
    opened.add(await Monitoring.open(monitoringListen, sources, version, log), (monitoring) => monitoring.close());
  }

  const calls = new StreamedCalls({
    tracking: trackingSettings(settings),
    taps: {
      ari,
      application: asterisk.app,
      names: new ResourceNames(asterisk.app, randomBytes(4).toString('hex')),
      rtp,
      advertised,
      format: media.format,
      sampleRate: streaming.sampleRate,
      log,
      health: rtpHealth,
    },
    streaming: streamingOptions(streaming, codecs),
    receiver,
    tally,
    log,
  });
  const portal =
    page === undefined ? undefined : await openPage(settings, { ...page, calls, ari, sources, version, log });
  opened.add(portal, (open) => open?.close());
  warnOfNothingToDo(streaming, log);
  reloads?.onReload((changed, applyToRunning) => {
    warnOfNothingToDo(changed.streaming, log);
    const isSwitchedOff = !isStreaming(changed.streaming);
    calls.apply(
      trackingSettings(changed),
      streamingOptions(changed.streaming, codecs),
      isSwitchedOff || applyToRunning,
    );
  });

  const unlink = new AbortController();
  const link = keepAsteriskLink(
    {
      server: asterisk,
      application: asterisk.app,
      ari,
      log,
      health,
      watcher,
      onEvent: (event) => calls.onEvent(event),
      onResync: () => calls.resync(),
      onSnapshot: (channels, bridges) => calls.onSnapshot(channels, bridges),
    },
    unlink.signal,
  );
  try {
    await Promise.race([link, untilAborted(signal)]);
  } finally {
    // The link stays up meanwhile: what is ours in Asterisk is removed over it.
    const shutDown = Promise.race([calls.shutDown(), pause(SHUTDOWN_LIMIT_MS, undefined, { ref: false })]);
    await Promise.all([shutDown, portal?.close()]);
    calls.giveUp();
    unlink.abort();
    await link.catch(() => {});
  }
  log.info('stopped', { packets: rtp.counts.received, strangers: rtp.counts.strangers });
}

async function loadCodecs({ media }: Settings, log: Log): Promise<Codecs> {
  const createResampler = await loadResamplers(log);
  return media.format === 'opus'
    ? { createResampler, createOpusDecoder: await loadOpusDecoder() }
    : { createResampler };
}

async function loadTraces(
  { monitoring: { traces: url } }: Settings,
  version: string,
  log: Log,
  opened: Opened,
): Promise<OtlpTraces | undefined> {
  if (url === undefined) return undefined;
  return opened.add(await OtlpTraces.load({ url, version, log }), (traces) => traces.close());
}
