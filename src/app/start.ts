/** The add-on: builds its parts from the settings, streams calls until it is told to stop, and leaves nothing in Asterisk. */

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallTrackerSettings } from '../core/call/call-events.js';
import { CallflowRules } from '../core/call/channel-callflow.js';
import { globMatcher, matcherOf } from '../core/call/name-pattern.js';
import { ResourceNames } from '../core/call/resource-id.js';
import { Subscriptions } from '../core/call/subscriptions.js';
import type { Log } from '../core/log.js';
import type { ParticipantStreamOptions } from '../core/participant-stream.js';
import { FRAGMENT_SAMPLES } from '../core/relay/protocol.js';
import { hostPort } from '../core/settings/addresses.js';
import { shownAddress } from '../core/settings/redact.js';
import type { Settings, StreamingSettings } from '../core/settings/settings.js';
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
import type { StreamingOptions } from './call-streams.js';
import { Monitoring } from './monitoring.js';
import { ReceiverHealth } from './receiver-health.js';
import type { Reloads } from './reloads.js';
import { RtpHealth } from './rtp-health.js';
import { StreamedCalls } from './streamed-calls.js';
import { Tally } from './tally.js';
import { untilAborted } from './until-aborted.js';

type Codecs = Pick<ParticipantStreamOptions, 'createResampler' | 'createOpusDecoder'>;

/** What is not delivered or removed by then, after the signal to stop, is left. */
const SHUTDOWN_LIMIT_MS = 5000;

/**
 * Runs until the signal aborts, then ends all streams in order.
 * Rejects with what keeps it from running: MEDIA_LISTEN_FAILED, MONITORING_LISTEN_FAILED, OPUS_UNAVAILABLE,
 * TRACES_UNAVAILABLE, ARI_APP_TAKEN.
 */
export async function start(
  settings: Settings,
  log: Log,
  signal: AbortSignal,
  reloads?: Reloads,
  watcher?: LinkWatcher,
): Promise<void> {
  const { asterisk, media, streaming } = settings;
  const createResampler = await loadResamplers(log);
  const createOpusDecoder = media.format === 'opus' ? await loadOpusDecoder() : undefined;
  const codecs = createOpusDecoder === undefined ? { createResampler } : { createResampler, createOpusDecoder };
  const version = packageVersion();
  const { listen: monitoringListen, traces: tracesUrl } = settings.monitoring;
  const traces = tracesUrl === undefined ? undefined : await OtlpTraces.load({ url: tracesUrl, version, log });
  const rtp = await RtpSocket.open(media.listen, log);
  const http = new AriHttp(asterisk);
  const tally = new Tally(traces);
  const transport = new TimedTransport(http, (error) => tally.requestFailures.add(error));
  const ari = new AriRequests(transport);
  const health = new AsteriskHealth();
  const receiver = new ReceiverHealth(log);
  const advertised = advertisedAddress(media, rtp.port);
  const listening = hostPort(media.listen.host, rtp.port);
  const rtpHealth = new RtpHealth({
    advertised,
    listening,
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
  const monitoring =
    monitoringListen === undefined
      ? undefined
      : await Monitoring.open(monitoringListen, sources, version, log).catch(async (error: unknown) => {
          await rtp.close();
          throw error;
        });
  warnOfNothingToDo(streaming, log);

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
    await Promise.race([calls.shutDown(), pause(SHUTDOWN_LIMIT_MS, undefined, { ref: false })]);
    unlink.abort();
    await link.catch(() => {});
    await monitoring?.close();
    await traces?.close();
    await rtp.close();
    http.close();
  }
  log.info('stopped', { packets: rtp.counts.received, strangers: rtp.counts.strangers });
}

function trackingSettings({ streaming, calls }: Settings): CallTrackerSettings {
  const { subscriptions, earlyMedia } = streaming;
  return {
    subscriptions: isStreaming(streaming)
      ? new Subscriptions(subscriptions, calls.extensionGroups)
      : Subscriptions.none(),
    rules: {
      technologies: new Set(calls.technologies),
      isTrunkName: matcherOf(calls.trunks),
      isTrunkContext: globMatcher(calls.trunkContexts),
      callflows: new CallflowRules(calls.callflows),
    },
    earlyMedia,
  };
}

function streamingOptions(streaming: StreamingSettings, codecs: Codecs): StreamingOptions {
  const { sampleRate, bufferSeconds, serverAddress = '', secret, ca } = streaming;
  const fragmentSamples = FRAGMENT_SAMPLES[sampleRate];
  return {
    destination: { url: serverAddress, shownAs: shownAddress(serverAddress), secret, ca },
    capacity: Math.ceil((bufferSeconds * sampleRate) / fragmentSamples),
    stream: { sampleRate, fragmentSamples, ...codecs },
  };
}

/** Before the page has an address for it, nothing can be streamed either. */
function isStreaming({ enable, serverAddress }: StreamingSettings): boolean {
  return enable && serverAddress !== undefined;
}

function warnOfNothingToDo({ enable, serverAddress, subscriptions }: StreamingSettings, log: Log): void {
  const { extensions, extensionGroups, trunks, dids } = subscriptions;
  if (!enable) log.warn('streaming.enable is false: no call is streamed');
  // A missing address has been told of with all else that is to be done on the page.
  else if (serverAddress !== undefined && [...extensions, ...extensionGroups, ...trunks, ...dids].length === 0) {
    log.warn('nothing is subscribed, so no call is streamed: see streaming.subscriptions; * stands for all');
  }
}
