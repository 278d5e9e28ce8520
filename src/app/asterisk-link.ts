/**
 * The link to one Asterisk: connects, asks for what there is, passes events on, and connects again, for ever, saying in
 * plain words what is wrong and what to do about it.
 */

import { setTimeout as pause } from 'node:timers/promises';
import type { BridgeSnapshot } from '../core/call/call-events.js';
import type { Channel } from '../core/call/channel.js';
import { StreamError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { retryPauseMs } from '../core/relay/backoff.js';
import { type AriEvent, EVENT_TYPES } from '../io/ari/ari-events.js';
import { AriRefusal, type AriServer } from '../io/ari/ari-http.js';
import type { AriRequests } from '../io/ari/ari-requests.js';
import { openAriSocket } from '../io/ari/ari-socket.js';
import { AriTrouble } from './ari-trouble.js';
import type { AsteriskHealth } from './asterisk-health.js';
import { untilAborted } from './until-aborted.js';

/** Is told of every link and of every failure. */
export interface LinkWatcher {
  linked(version: string): void;
  failed(problem: StreamError): void;
}

export interface AsteriskLinkOptions {
  readonly server: AriServer;
  readonly application: string;
  readonly ari: AriRequests;
  readonly log: Log;
  /** Told of every link and of every failure. */
  readonly health: AsteriskHealth;
  readonly watcher?: LinkWatcher | undefined;
  readonly onEvent: (event: AriEvent) => void;
  /** Events flow; what happened before is unknown until the snapshot. */
  readonly onResync: () => void;
  /** Events flow no more, until the next resync. */
  readonly onUnlinked: () => void;
  readonly onSnapshot: (channels: readonly Channel[], bridges: readonly BridgeSnapshot[]) => Promise<void>;
}

/** After a crash Asterisk may take a moment to notice that the client of our name has gone. */
const TAKEN_TRIES = 4;
const TAKEN_PAUSE_MS = 500;

/**
 * Keeps the link until the signal aborts.
 * Rejects with ARI_APP_TAKEN when another client connects under the application's name: to come back would be to fight.
 */
export async function keepAsteriskLink(options: AsteriskLinkOptions, signal: AbortSignal): Promise<void> {
  const trouble = new AriTrouble(options.log);
  let wasLinked = false;
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      await untilNameIsFree(options, wasLinked);
      await linkOnce(options, signal, () => {
        wasLinked = true;
        attempt = 0;
        trouble.over();
      });
    } catch (error) {
      if (!(error instanceof StreamError) || error.code === 'ARI_APP_TAKEN') throw error;
      trouble.report(error);
      options.health.failed(error);
      options.watcher?.failed(error);
    }
    await pause(retryPauseMs(Math.max(attempt, 1), Math.random()), undefined, { signal }).catch(() => {});
  }
}

/**
 * Waits until Asterisk knows no client of our name. At the start another one is in all likelihood a second one of us, and to
 * connect would throw it out. Later it is our own lost connection; an event stream that is opened before Asterisk has
 * cleared that away may stay silent, since the old one's end takes the new one's subscriptions along.
 */
async function untilNameIsFree({ ari, application, server }: AsteriskLinkOptions, wasLinked: boolean): Promise<void> {
  for (let attempt = 1; await isTaken(ari, application); attempt++) {
    if (attempt === TAKEN_TRIES) {
      if (wasLinked) return;
      const detail = `"${application}" at ${server.url} has a client connected; is ari-audio-stream running twice?`;
      throw new StreamError('ARI_APP_TAKEN', 'asterisk', detail);
    }
    await pause(TAKEN_PAUSE_MS);
  }
}

/** What answers may not be an ARI at all: that is said by what follows. */
async function isTaken(ari: AriRequests, application: string): Promise<boolean> {
  try {
    return await ari.hasApplication(application);
  } catch (error) {
    if (error instanceof AriRefusal) return false;
    throw error;
  }
}

/** One connection from its first request to its end; resolves when the signal ends it, rejects when anything else does. */
async function linkOnce(options: AsteriskLinkOptions, signal: AbortSignal, onLinked: () => void): Promise<void> {
  const { server, application, ari, log, health } = options;
  const { version } = await ari.info().catch((error: unknown) => {
    throw error instanceof AriRefusal ? new StreamError('ARI_NOT_THERE', 'asterisk', error.message, error) : error;
  });

  const ending = new AbortController();
  const socket = await openAriSocket(server, application, {
    onEvent: (event) => {
      if (event.kind !== 'replaced') options.onEvent(event);
      else ending.abort(new StreamError('ARI_APP_TAKEN', 'asterisk', `"${application}" at ${server.url}`));
    },
    onMalformed: (text) => log.debug('Asterisk sent a frame that is no event: skipped', { octets: text.length }),
    onEnd: (why) => ending.abort(new StreamError('ARI_CONNECTION_LOST', 'asterisk', why)),
  });
  try {
    options.onResync();
    await ari.allowEvents(application, EVENT_TYPES);
    const [channels, bridges] = [await ari.channels(), await ari.bridges()];
    onLinked();
    health.linked(version);
    options.watcher?.linked(version);
    log.info('connected to Asterisk', { version, url: server.url, app: application, channels: channels.length });
    await options.onSnapshot(channels, bridges);
    await untilAborted(AbortSignal.any([signal, ending.signal]));
    ending.signal.throwIfAborted();
  } finally {
    socket.close();
    options.onUnlinked();
  }
}
