/** A loop-back tap: a channel that belongs to no call is tapped as calls are, and its packets counted. Nothing of it stays. */

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ResourceNames } from '../core/call/resource-id.js';
import type { TapFacts } from '../core/check/rtp-findings.js';
import { StreamError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { parseRtp } from '../core/rtp/packet.js';
import { payloadFormat } from '../core/rtp/payload-format.js';
import { extendSequence } from '../core/rtp/sequence.js';
import { hostPort } from '../core/settings/addresses.js';
import type { MediaSettings } from '../core/settings/settings.js';
import { type AriEvent, EVENT_TYPES } from '../io/ari/ari-events.js';
import type { AriServer } from '../io/ari/ari-http.js';
import type { AriRequests } from '../io/ari/ari-requests.js';
import { openAriSocket } from '../io/ari/ari-socket.js';
import type { RtpSocket, StopListening } from '../io/media/rtp-socket.js';
import { sweep } from './sweep.js';
import { type PacketIntake, Tap, type TapContext } from './tap.js';
import { untilAborted } from './until-aborted.js';

export interface LoopBackOptions {
  readonly server: AriServer;
  readonly ari: AriRequests;
  /** A name that no client uses: to connect under another's name would throw it out. */
  readonly application: string;
  readonly rtp: RtpSocket;
  readonly media: MediaSettings;
  /** HOST:PORT that Asterisk is told to send to. */
  readonly advertised: string;
  readonly isOtherPort: boolean;
  readonly ownAddress: string | undefined;
  readonly sampleRate: number;
  readonly log: Log;
}

export interface LoopBack {
  /** The variables that came with our channel: `channelvars` of ari.conf. Nothing when there was no channel. */
  readonly channelvars: readonly string[] | undefined;
  /** How the tap went, or why there was none. */
  readonly tap: TapFacts | StreamError;
}

/** How long packets are counted: some 75 of them. */
const COUNT_MS = 1500;
/** The socket calls a sender a stranger once nobody has asked for its packets for that long. */
const STRANGERS_MS = 2000;
/** What is not removed by then, is left to the next check. */
const REMOVAL_LIMIT_MS = 5000;
const SERIAL = 1;

/** Never rejects for what Asterisk says; only when the signal aborts, and then with everything removed as well. */
export async function loopBackTap(options: LoopBackOptions, signal: AbortSignal): Promise<LoopBack> {
  const names = new ResourceNames(options.application, randomBytes(4).toString('hex'));
  const run = new LoopBackRun(options, names);
  const { server, ari, application } = options;
  try {
    const socket = await openAriSocket(server, application, {
      onEvent: (event) => run.hear(event),
      onMalformed: () => undefined,
      onEnd: () => undefined,
    });
    try {
      await ari.allowEvents(application, EVENT_TYPES);
      return await run.tap(signal);
    } finally {
      await run.remove();
      socket.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    return { channelvars: run.channelvars, tap: asStreamError(error) };
  }
}

class LoopBackRun {
  channelvars: readonly string[] | undefined;
  readonly #options: LoopBackOptions;
  readonly #names: ResourceNames;
  readonly #packets: { readonly at: number; readonly packet: Uint8Array }[] = [];
  readonly #live = new Deferred<void>();
  /** Resolves with why the tap ended before it was released. */
  readonly #over = new Deferred<string | undefined>();
  #tap: Tap | undefined;

  constructor(options: LoopBackOptions, names: ResourceNames) {
    this.#options = options;
    this.#names = names;
  }

  hear(event: AriEvent): void {
    if (event.kind === 'entered' || event.kind === 'left') this.#hearOf(event.kind, event.channelId);
    else if (event.kind === 'channel-gone') this.#hearOf('vanished', event.channelId);
    else if (event.kind === 'bridge-gone') this.#hearOf('vanished', event.bridgeId);
  }

  async tap(signal: AbortSignal): Promise<LoopBack> {
    const { ari, application, rtp, advertised, media, sampleRate, log } = this.#options;
    const names = this.#names;
    const intake = this.#intake(rtp);
    const { format } = media;
    const context = { ari, application, names, intake, advertised: () => advertised, format, sampleRate, log };
    await this.#removeLeftovers(context);
    signal.throwIfAborted();
    const { channel, channelvars } = await ari.createLocal(this.#names.idOfProbe(), application);
    this.channelvars = channelvars;
    this.#tap = new Tap(context, SERIAL, channel, {
      onStep: (step) => {
        if (step === 'live') this.#live.resolve();
      },
      onOver: (failure) => this.#over.resolve(failure),
    });
    const failure = await Promise.race([
      this.#live.promise,
      this.#over.promise.then((why) => new StreamError('TAP_FAILED', 'asterisk', why ?? 'it was released')),
      untilAborted(signal),
    ]);
    signal.throwIfAborted();
    if (failure instanceof StreamError) return { channelvars, tap: failure };
    return { channelvars, tap: await this.#count(signal) };
  }

  /** Removes the tap, piece by piece, and then its channel. */
  async remove(): Promise<void> {
    const limit = pause(REMOVAL_LIMIT_MS, undefined, { ref: false });
    if (this.#tap !== undefined) {
      this.#tap.release();
      await Promise.race([this.#over.promise, limit]);
    }
    await this.#options.ari.hangUp(this.#names.idOfProbe()).catch(() => undefined);
  }

  async #count(signal: AbortSignal): Promise<TapFacts> {
    const { rtp, advertised, media, isOtherPort, ownAddress } = this.#options;
    const since = performance.now();
    await pause(COUNT_MS, undefined, { signal });
    if (this.#packets.length === 0) await pause(STRANGERS_MS, undefined, { signal });
    const packets = [...this.#packets];
    const countedMs = Math.round(performance.now() - since);
    const source = this.#tap?.source ?? { address: '', port: 0 };
    const parsed = packets.flatMap(({ packet }) => {
      const read = parseRtp(packet);
      return typeof read === 'string' ? [] : [read];
    });
    const [first] = packets;
    const payloadType = parsed[0]?.payloadType;
    return {
      advertised,
      listening: hostPort(media.listen.host, rtp.port),
      source: hostPort(source.address, source.port),
      strangers: rtp.strangers,
      format: media.format,
      ownAddress,
      packets: packets.length,
      countedMs,
      firstAfterMs: first === undefined ? undefined : Math.max(0, Math.round(first.at - since)),
      lost: lostAmong(parsed.map(({ sequence }) => sequence)),
      isUsable: payloadType !== undefined && payloadFormat(payloadType) !== undefined,
      payloadType,
      isOtherPort,
    };
  }

  /** Keeps every packet. */
  #intake(rtp: RtpSocket): PacketIntake {
    let stopListening: StopListening | undefined;
    return {
      listen: async (_tap, source, since) => {
        const onPacket = (packet: Uint8Array) => void this.#packets.push({ at: performance.now(), packet });
        stopListening = rtp.listen(source, onPacket, since);
      },
      stop: (_tap, lateMs) => stopListening?.(lateMs),
      packetsOf: async () => this.#packets.length,
    };
  }

  /** Of a check that was killed. */
  async #removeLeftovers(context: TapContext): Promise<void> {
    const { ari } = this.#options;
    await sweep(context, () => false, await ari.channels(), await ari.bridges());
  }

  #hearOf(kind: 'entered' | 'left' | 'vanished', id: string): void {
    const ours = this.#names.parse(id);
    if (ours !== undefined) this.#tap?.hear(kind, ours.piece);
  }
}

/** A promise that is settled from outside. */
class Deferred<T> {
  resolve: (value: T) => void = () => undefined;
  readonly promise = new Promise<T>((resolve) => {
    this.resolve = resolve;
  });
}

/** How many sequence numbers are lacking between the lowest and the highest. */
function lostAmong(sequences: readonly number[]): number {
  const [first] = sequences;
  if (first === undefined) return 0;
  const counted = new Set(sequences.map((sequence) => extendSequence(sequence, first)));
  return Math.max(...counted) - Math.min(...counted) + 1 - counted.size;
}

function asStreamError(error: unknown): StreamError {
  if (error instanceof StreamError) return error;
  return new StreamError('UNEXPECTED', 'us', error instanceof Error ? error.message : String(error), error);
}
