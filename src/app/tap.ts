/** One tap on the real Asterisk: carries out a tap plan's orders as ARI requests, and tells it what came of them. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Channel } from '../core/call/channel.js';
import type { Piece, ResourceNames } from '../core/call/resource-id.js';
import { type RtpSource, type TapInput, type TapOutput, TapPlan } from '../core/call/tap-plan.js';
import type { Log } from '../core/log.js';
import { formatToAskFor } from '../core/media-choice.js';
import type { TapStep } from '../core/monitoring/tap-trace.js';
import type { MediaFormat } from '../core/settings/settings.js';
import { AriRefusal } from '../io/ari/ari-http.js';
import type { AriRequests } from '../io/ari/ari-requests.js';
import { DrivenCore } from './drive.js';
import { isShortage, type MachineHealth } from './machine-health.js';
import type { RtpHealth } from './rtp-health.js';

/** Takes in what taps send; taps are told apart by their serial numbers. */
export interface PacketIntake {
  /**
   * What this source sends from now on is the tap's; what came before `since` (performance.now()) is another's. Resolves
   * once that is so.
   */
  listen(tap: number, source: RtpSource, since: number): Promise<void>;
  /** The tap is going; what it had sent before may come up to `lateMs` later. A second call does nothing. */
  stop(tap: number, lateMs: number): void;
  /** How many packets of the tap have come. */
  packetsOf(tap: number): Promise<number>;
}

/** What all taps share. */
export interface TapContext {
  readonly ari: AriRequests;
  readonly application: string;
  readonly names: ResourceNames;
  readonly intake: PacketIntake;
  /** HOST:PORT that Asterisk is told to send a tap's audio to. */
  readonly advertised: (tap: number) => string;
  readonly format: MediaFormat;
  /** Hz of the streams. */
  readonly sampleRate: number;
  readonly log: Log;
  /** Told whether packets come; nothing where whoever makes the tap watches that himself. */
  readonly health?: RtpHealth;
  /** Something may be left in Asterisk, or come about there yet, that no tap will remove. */
  readonly onLeftover?: () => void;
  /** What a request waits for that this machine had no connection for; nothing where nobody waits. */
  readonly machine?: MachineHealth;
}

export interface TapListener {
  /** The tap has come this far. */
  readonly onStep?: (step: TapStep) => void;
  /** Nothing of the tap is left in Asterisk; `failure` says why it ended before it was released. */
  readonly onOver: (failure: string | undefined) => void;
}

/** An Asterisk that answers has sent something by then. */
const SENDS_AGAIN_MS = 1000;

const CONFLICT = 409;
const FIRST_SERVER_ERROR = 500;
/** How long packets may be under way that were sent before the end. */
export const LATE_LIMIT_MS = 250;

export class Tap extends DrivenCore<TapInput, TapOutput, TapPlan> {
  readonly #context: TapContext;
  readonly #serial: number;
  readonly #channel: Channel;
  readonly #listener: TapListener;
  #source: RtpSource | undefined;
  #listening: Promise<void> | undefined;
  /** When joining was asked for: nothing is sent to us before that. By performance.now(). */
  #joinAskedAt: number | undefined;

  /** `serial` is this tap's number within the run; ids in Asterisk are made of it. */
  constructor(context: TapContext, serial: number, channel: Channel, listener: TapListener) {
    super(new TapPlan());
    this.#context = context;
    this.#serial = serial;
    this.#channel = channel;
    this.#listener = listener;
    this.feed({ kind: 'arm' });
  }

  get isLive(): boolean {
    return this.core.state === 'live';
  }

  /** It waits for events, and will wait in vain where those are lost. */
  get awaitsEvents(): boolean {
    return this.core.state === 'preparing';
  }

  /** Where Asterisk says that it sends from, once that is known. */
  get source(): RtpSource | undefined {
    return this.#source;
  }

  /** Its first packet has come. */
  onFirstPacket(): void {
    this.#listener.onStep?.('first packet');
  }

  /** One of the pieces entered our application, left it, or is no more. */
  hear(kind: 'entered' | 'left' | 'vanished', piece: Piece): void {
    this.feed({ kind, piece });
  }

  /** Removes everything from Asterisk; `onOver` follows. */
  release(): void {
    this.feed({ kind: 'release' });
  }

  protected override carryOut(output: TapOutput): void {
    switch (output.kind) {
      case 'create':
        this.#create(output.piece).then(
          (source) => this.#onCreated(output.piece, source),
          (error: unknown) => this.#onNotCreated(output.piece, error),
        );
        return;
      case 'ask-source':
        this.#context.ari.rtpSource(this.#id('media')).then(
          (source) => this.feed({ kind: 'source', source }),
          (error: unknown) => this.feed({ kind: 'refused', reason: wordsOf(error) }),
        );
        return;
      case 'listen':
        this.#listen(output.source);
        return;
      case 'join':
        this.#join().then(
          () => this.feed({ kind: 'joined' }),
          (error: unknown) => this.feed({ kind: 'refused', reason: wordsOf(error) }),
        );
        return;
      case 'live':
        this.#listener.onStep?.('live');
        this.#context.log.debug('tap live', { channel: this.#channel.name, tap: this.#serial });
        return;
      case 'count-packets':
        void this.#packets().then((count) => this.feed({ kind: 'packets', count }));
        return;
      case 'rtp':
        void this.#tellOfRtp(output.arrives);
        return;
      case 'remove':
        this.#listener.onStep?.(`${output.piece} removed`);
        // Once its channel is gone, its port may be another tap's.
        this.#context.intake.stop(this.#serial, LATE_LIMIT_MS);
        void this.#remove(output.piece).then((kind) => this.feed({ kind, piece: output.piece }));
        return;
      case 'over':
        this.#context.intake.stop(this.#serial, LATE_LIMIT_MS);
        this.#context.health?.gone(this.#serial);
        this.#listener.onOver(output.failure);
        return;
    }
  }

  /** Gives where the RTP comes from, if that is known with it. */
  async #create(piece: Piece): Promise<RtpSource | undefined> {
    const { ari, application, advertised } = this.#context;
    const id = this.#id(piece);
    if (piece === 'media')
      return ari.externalMedia({ id, application, host: advertised(this.#serial), format: await this.#format() });
    await (piece === 'snoop' ? ari.snoop(this.#channel.id, id, application) : ari.createBridge(id));
    return undefined;
  }

  async #format(): Promise<string> {
    const { ari, format, sampleRate } = this.#context;
    const nativeFormats =
      format === 'auto' ? await ari.variable(this.#channel.id, 'CHANNEL(audionativeformat)') : undefined;
    return formatToAskFor(format, nativeFormats, sampleRate);
  }

  #listen(source: RtpSource): void {
    const since = this.#joinAskedAt ?? performance.now();
    this.#source = source;
    this.#listening = this.#context.intake.listen(this.#serial, source, since);
  }

  /** Nothing is sent before that, so whoever listens by then can tell it from what a port's last owner sent. */
  async #join(): Promise<void> {
    await this.#listening;
    this.#joinAskedAt = performance.now();
    await this.#context.ari.addToBridge(this.#id('bridge'), [this.#id('snoop'), this.#id('media')]);
  }

  /**
   * Packets also stay away when Asterisk itself is gone or hangs, or has ended the tap: others tell of that. And after this
   * program itself has hung, they are there but not read yet.
   */
  async #tellOfRtp(arrives: boolean): Promise<void> {
    const { health, ari } = this.#context;
    const source = this.#source;
    if (health === undefined || source === undefined) return;
    if (arrives) return health.arrives(this.#serial);
    const packets = await this.#packets();
    const port = await ari.variable(this.#id('media'), 'UNICASTRTP_LOCAL_PORT').catch(() => undefined);
    // One that has hung answers before it sends again.
    await pause(SENDS_AGAIN_MS, undefined, { ref: false });
    if (port !== undefined && this.isLive && packets === (await this.#packets()))
      health.missing(this.#serial, this.#channel.name, source);
  }

  #packets(): Promise<number> {
    return this.#context.intake.packetsOf(this.#serial);
  }

  #onCreated(piece: Piece, source: RtpSource | undefined): void {
    this.#listener.onStep?.(`${piece} created`);
    this.feed({ kind: 'created', piece, source });
  }

  #onNotCreated(piece: Piece, error: unknown): void {
    const mayExist = !isCertainlyNot(error);
    // A request that had no answer may be carried out after the one that is to remove what it made.
    if (mayExist) this.#context.onLeftover?.();
    this.feed({ kind: 'not-created', piece, mayExist, reason: wordsOf(error) });
  }

  /** What can't be removed now is found by a sweep, at the latest when a lost link is back. */
  async #remove(piece: Piece): Promise<'going' | 'removed'> {
    const { ari, log, onLeftover } = this.#context;
    try {
      if (piece === 'bridge') await ari.destroyBridge(this.#id(piece));
      else if ((await ari.hangUp(this.#id(piece))) === 'going') return 'going';
    } catch (error) {
      log.debug('a piece of a tap could not be removed now', { id: this.#id(piece), error: wordsOf(error) });
      onLeftover?.();
    }
    return 'removed';
  }

  #id(piece: Piece): string {
    return this.#context.names.idOf(this.#serial, piece);
  }
}

/**
 * Only an answer that blames the request says for certain that nothing was made, or a want of this machine's own. One that blames the server may come from a
 * proxy, or after half of the work, and a conflict says that there is something of this id.
 */
function isCertainlyNot(error: unknown): boolean {
  if (isShortage(error)) return true;
  return error instanceof AriRefusal && error.status < FIRST_SERVER_ERROR && error.status !== CONFLICT;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
