/** The add-on: builds its parts from the settings, streams calls until it is told to stop, and leaves nothing in Asterisk. */

import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { ResourceNames } from '../core/call/resource-id.js';
import type { ErrorCode } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { hostPort } from '../core/settings/addresses.js';
import type { Settings } from '../core/settings/settings.js';
import { AriHttp } from '../io/ari/ari-http.js';
import { AriRequests } from '../io/ari/ari-requests.js';
import { TimedTransport } from '../io/ari/timed-transport.js';
import { RECEIVE_BUFFER_OCTETS } from '../io/media/rtp-socket.js';
import { kernelDropsOf } from '../io/media/udp-drops.js';
import { OtlpTraces } from '../io/monitoring/otlp-traces.js';
import { packageVersion } from '../io/package-version.js';
import { keepPrivate } from '../io/private-files.js';
import { advertisedAddress } from './advertised-address.js';
import { AriTrouble } from './ari-trouble.js';
import { AsteriskHealth } from './asterisk-health.js';
import { keepAsteriskLink, type LinkWatcher } from './asterisk-link.js';
import { DropWatch } from './drop-watch.js';
import { MachineHealth } from './machine-health.js';
import { openMedia } from './media/open-media.js';
import { PlaneIntake } from './media/plane-intake.js';
import { Monitoring } from './monitoring.js';
import { Opened } from './opened.js';
import { openPage, type PageExtras } from './portal/page.js';
import { ReceiverHealth } from './receiver-health.js';
import type { Reloads } from './reloads.js';
import { RtpHealth } from './rtp-health.js';
import { StreamedCalls } from './streamed-calls.js';
import {
  isStreaming,
  streamingOptions,
  trackingSettings,
  warnOfNothingToDo,
  warnOfUnverified,
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

/** The user of ari.conf has another password now, or other rights. */
const LOGIN_CODES: ReadonlySet<ErrorCode> = new Set(['ARI_WRONG_PASSWORD', 'ARI_FORBIDDEN']);
/** What is not delivered or removed by then, after the signal to stop, is left, and said to be. */
const SHUTDOWN_LIMIT_MS = 5000;
const LAST_WORD_LIMIT_MS = 500;

/**
 * Runs until the signal aborts, then ends all streams in order. Rejects with what keeps it from running: MEDIA_LISTEN_FAILED,
 * MONITORING_LISTEN_FAILED, PORTAL_LISTEN_FAILED, PORTAL_CERTIFICATE_UNUSABLE, STATE_DIR_TAKEN, ACCESS_FILE_UNUSABLE,
 * OPUS_UNAVAILABLE, TRACES_UNAVAILABLE, ARI_APP_TAKEN.
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
  await tellOfOpenFiles(settings.stateDir, log);
  const version = packageVersion();
  const plane = opened.add(await openMedia(media, streamingOptions(streaming), log), (open) => open.close());
  const traces = await loadTraces(settings, version, log, opened);
  const http = opened.add(new AriHttp(asterisk), (client) => client.close());
  const tally = new Tally(traces);
  const health = new AsteriskHealth();
  const login = new AriTrouble(log);
  const machine = new MachineHealth(log);
  const transport = new TimedTransport(http, (error) => {
    tally.requestFailures.add(error);
    machine.failed(error);
    // Asterisk asks for the password with each request, but never again on an event WebSocket that is open.
    if (health.isLinked && LOGIN_CODES.has(error.code)) login.report(error);
  });
  const ari = new AriRequests(transport);
  const receiver = new ReceiverHealth(log);
  const advertised = (tap: number): string => advertisedAddress(media, plane.socketOf(tap).port);
  const intake = new PlaneIntake(plane);
  const rtpHealth = new RtpHealth({
    addressesOf: (tap) => ({
      advertised: advertised(tap),
      listening: hostPort(media.listen.host, plane.socketOf(tap).port),
    }),
    format: media.format,
    strangers: () => intake.strangers,
    ownAddress: () => http.lastAnswer?.ownAddress,
    log,
  });
  if (media.workers > availableParallelism()) {
    log.warn('media.workers is more than this machine has cores: give it fewer', { cores: availableParallelism() });
  }
  for (const { port, receiveBufferOctets: bufferOctets } of plane.sockets) {
    const on = `${media.listen.host}:${port}`;
    log.info('listening for RTP', { on, advertised: advertisedAddress(media, port), bufferOctets });
  }
  const watch = new DropWatch({
    drops: () => kernelDropsOf(plane.sockets),
    askedOctets: RECEIVE_BUFFER_OCTETS,
    grantedOctets: Math.min(...plane.sockets.map(({ receiveBufferOctets }) => receiveBufferOctets)),
    log,
  });
  opened.add(watch, (open) => open.close());
  const sources = { tally, media: plane, ari: transport, asterisk: health, receiver, rtpHealth };
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
      advertised,
      format: media.format,
      sampleRate: streaming.sampleRate,
      log,
      health: rtpHealth,
      machine,
    },
    media: plane,
    intake,
    streaming: streamingOptions(streaming),
    receiver,
    tally,
    log,
  });
  const portal =
    page === undefined ? undefined : await openPage(settings, { ...page, calls, ari, sources, version, log });
  opened.add(portal, (open) => open?.close());
  warnOfNothingToDo(streaming, log);
  warnOfUnverified(settings, log);
  reloads?.onReload((changed, applyToRunning) => {
    warnOfNothingToDo(changed.streaming, log);
    warnOfUnverified(changed, log);
    const isSwitchedOff = !isStreaming(changed.streaming);
    calls.apply(trackingSettings(changed), streamingOptions(changed.streaming), isSwitchedOff || applyToRunning);
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
      onUnlinked: () => calls.unlinked(),
      onSnapshot: (channels, bridges) => calls.onSnapshot(channels, bridges),
    },
    unlink.signal,
  );
  try {
    await Promise.race([link, untilAborted(signal)]);
  } finally {
    // The link stays up meanwhile: what is ours in Asterisk is removed over it.
    const allDone = calls.shutDown().then(() => true);
    const isDone = Promise.race([allDone, pause(SHUTDOWN_LIMIT_MS, false, { ref: false })]);
    const [inTime] = await Promise.all([isDone, portal?.close()]);
    if (!inTime) calls.giveUp();
    unlink.abort();
    await link.catch(() => {});
  }
  // A media thread that is stuck has no last word.
  const limit = pause(LAST_WORD_LIMIT_MS, undefined, { ref: false });
  const last = await Promise.race([plane.ask({ kind: 'figures' }), limit]);
  log.info('stopped', { packets: last?.rtp.received, strangers: last?.rtp.strangers });
}

async function tellOfOpenFiles(stateDir: string, log: Log): Promise<void> {
  const { mended, open, isFolderOpen } = await keepPrivate(stateDir);
  if (mended.length > 0) log.warn('other users could read or change these files until now', { files: mended });
  if (open.length > 0) log.warn('other users can read or change these files: chmod 600', { files: open });
  if (isFolderOpen) log.warn('other users can change what is in stateDir: chmod 700', { stateDir });
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
