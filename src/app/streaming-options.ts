/** What the settings mean to the parts that stream calls. */

import type { CallTrackerSettings } from '../core/call/call-events.js';
import { CallflowRules } from '../core/call/channel-callflow.js';
import { globMatcher, matcherOf } from '../core/call/name-pattern.js';
import { Subscriptions } from '../core/call/subscriptions.js';
import {
  ASTERISK_UNVERIFIED,
  ASTERISK_UNVERIFIED_ADVICE,
  RECEIVER_UNVERIFIED,
  RECEIVER_UNVERIFIED_ADVICE,
} from '../core/insecure-advice.js';
import type { Log } from '../core/log.js';
import type { ParticipantStreamOptions } from '../core/participant-stream.js';
import { FRAGMENT_SAMPLES } from '../core/relay/protocol.js';
import { shownAddress } from '../core/settings/redact.js';
import type { Settings, StreamingSettings } from '../core/settings/settings.js';
import type { RelayDestination } from '../io/relay/relay-socket.js';
import type { StreamingOptions } from './call-streams.js';

export type Codecs = Pick<ParticipantStreamOptions, 'createResampler' | 'createOpusDecoder'>;

/** Which calls are to be streamed, and how they are to be understood. */
export function trackingSettings({ streaming, calls }: Settings): CallTrackerSettings {
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

/** Where to, and in which form. */
export function streamingOptions(streaming: StreamingSettings): StreamingOptions {
  const { sampleRate, bufferSeconds } = streaming;
  const fragmentSamples = FRAGMENT_SAMPLES[sampleRate];
  return {
    destination: destinationOf(streaming, streaming.serverAddress ?? ''),
    capacity: Math.ceil((bufferSeconds * sampleRate) / fragmentSamples),
    stream: { sampleRate, fragmentSamples },
  };
}

/** How the receiver at this address is dialled. */
export function destinationOf(streaming: Omit<StreamingSettings, 'serverAddress'>, url: string): RelayDestination {
  const { secret, ca, cert, key, insecure } = streaming;
  const identity = cert === undefined || key === undefined ? undefined : { cert, key };
  return { url, shownAs: shownAddress(url), secret, ca, insecure, identity };
}

/** Whose certificates are not looked at, where there are any. */
export function unverified({ asterisk, streaming }: Settings): { asterisk: boolean; receiver: boolean } {
  return {
    asterisk: asterisk.insecure && asterisk.url.startsWith('https:'),
    receiver: streaming.insecure && streaming.serverAddress?.startsWith('wss:') === true,
  };
}

/** For the log, at the start and whenever settings are read. */
export function warnOfUnverified(settings: Settings, log: Log): void {
  const { asterisk, receiver } = unverified(settings);
  if (asterisk) log.warn(`${ASTERISK_UNVERIFIED} ${ASTERISK_UNVERIFIED_ADVICE}`);
  if (receiver) log.warn(`${RECEIVER_UNVERIFIED} ${RECEIVER_UNVERIFIED_ADVICE}`);
}

/** Before the page has an address for it, nothing can be streamed either. */
export function isStreaming({ enable, serverAddress }: StreamingSettings): boolean {
  return enable && serverAddress !== undefined;
}

/** What keeps every call from being streamed, for the log. */
export function warnOfNothingToDo({ enable, serverAddress, subscriptions }: StreamingSettings, log: Log): void {
  const { extensions, extensionGroups, trunks, dids } = subscriptions;
  if (!enable) log.warn('streaming.enable is false: no call is streamed');
  // A missing address has been told of with all else that is to be done on the page.
  else if (serverAddress !== undefined && [...extensions, ...extensionGroups, ...trunks, ...dids].length === 0) {
    log.warn('nothing is subscribed, so no call is streamed: see streaming.subscriptions; * stands for all');
  }
}
