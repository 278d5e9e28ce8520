/**
 * The life of one call's connection to the receiver: connect, stream, notice that it is gone, wait, connect again, and
 * at the end send what is left and close in order. It holds no socket: it is told what happened and says what to do.
 */

import type { Core, Tick } from '../core.js';
import { Timers } from '../timers.js';
import { retryPauseMs } from './backoff.js';
import { ConnectionPace } from './connection-pace.js';
import { Deliveries } from './deliveries.js';
import { FlowWindow } from './flow-window.js';
import { Outbox, type OutgoingMessage, type QueuedMessage } from './outbox.js';

export type RelayInput =
  /** A fragment, or the end of a participant's stream. */
  | { readonly kind: 'message'; readonly message: OutgoingMessage }
  /** The call is over: no message follows. */
  | { readonly kind: 'finish' }
  /** The program ends: what is not delivered by now is lost, and counted. */
  | { readonly kind: 'give-up' }
  | { readonly kind: 'opened' }
  /** The connection ended or never came about; `orderly` when our Close frame was answered. */
  | { readonly kind: 'closed'; readonly orderly: boolean }
  /** The operating system took so many messages and pings more from us. */
  | { readonly kind: 'flushed'; readonly count: number }
  /** The receiver answered the ping of this serial number. */
  | { readonly kind: 'pong'; readonly serial: number };

export type RelayOutput =
  | { readonly kind: 'connect' }
  | { readonly kind: 'send'; readonly message: OutgoingMessage }
  | { readonly kind: 'ping'; readonly serial: number }
  /** Send a Close frame with code 1000 and wait for the receiver's. */
  | { readonly kind: 'close' }
  /** Drop the connection at once. */
  | { readonly kind: 'abort'; readonly why: AbortReason }
  | { readonly kind: 'over'; readonly why: RelayEndReason };

export type AbortReason = 'connect-timeout' | 'silent' | 'close-timeout' | 'gave-up' | 'stopped';

/** `stopped`: the program ended before all was delivered. */
export type RelayEndReason = 'delivered' | 'gave-up' | 'stopped';

export type RelayState = 'idle' | 'connecting' | 'open' | 'waiting' | 'closing' | 'over';

export const CONNECT_LIMIT_MS = 6000;
/** A receiver that leaves a ping unanswered this long is taken for dead. */
export const PONG_LIMIT_MS = 15_000;
/** Without audio to send, a ping is sent this often: to notice a dead connection, and to keep a living one from idling. */
export const LIVENESS_MS = 15_000;
/** This long after a ping the next one waits no more for a participant's second unconfirmed fragment, which mostly comes sooner. */
export const CONFIRM_MS = 800;
export const CLOSE_LIMIT_MS = 5000;
/** How long after a call's end its last audio is still offered to a receiver that is away. */
export const DELIVERY_LIMIT_MS = 30_000;
/** How many messages may lie in the socket's own queue; more of them would only hide a slow receiver. */
export const SOCKET_WINDOW = 64;

type TimerName = 'turn' | 'connect' | 'retry' | 'pong' | 'confirm' | 'liveness' | 'close' | 'delivery';
/** Those of one connection. */
const OF_CONNECTION = ['connect', 'pong', 'confirm', 'liveness', 'close'] as const satisfies TimerName[];

export interface RelaySessionOptions {
  /** Fragments kept for each participant while the receiver is away or slow. */
  readonly capacity: number;
  /** A random number from 0 to 1. */
  readonly dice: () => number;
  /** Of all sessions of this destination. Default: this session's own. */
  readonly pace?: ConnectionPace;
  /** Where what was sent is counted. Default: nowhere but in this session. */
  readonly deliveries?: Deliveries;
}

export class RelaySession implements Core<RelayInput, RelayOutput> {
  readonly outbox: Outbox;
  readonly #dice: () => number;
  readonly #pace: ConnectionPace;
  readonly #deliveries: Deliveries;
  readonly #timers = new Timers<TimerName>();
  #state: RelayState = 'idle';
  #finished = false;
  #attempts = 0;
  /** What was given to the socket and not yet taken by the operating system, in order; nothing for a ping. */
  #inSocket: (QueuedMessage | undefined)[] = [];
  readonly #window = new FlowWindow();
  #lastSent = 0;
  /** The ping under way: the newest message before it, and when it was sent, in ms. */
  #ping: { readonly serial: number; readonly at: number } | undefined;
  /** From when on, in ms, what is unconfirmed has a ping without waiting for more. */
  #confirmAt = Number.NEGATIVE_INFINITY;
  #opened = 0;

  constructor(options: RelaySessionOptions) {
    this.outbox = new Outbox(options.capacity);
    this.#dice = options.dice;
    this.#pace = options.pace ?? new ConnectionPace();
    this.#deliveries = options.deliveries ?? new Deliveries();
  }

  get state(): RelayState {
    return this.#state;
  }

  /** How often the connection came back after it had been lost. */
  get reconnects(): number {
    return Math.max(0, this.#opened - 1);
  }

  nextWake(): number | undefined {
    return this.#timers.soonest();
  }

  handle(input: RelayInput | Tick, now: number): RelayOutput[] {
    if (this.#state === 'over') return [];
    switch (input.kind) {
      case 'message':
        this.outbox.push(input.message, now);
        return this.#proceed(now);
      case 'finish':
        if (this.#finished) return [];
        this.#finished = true;
        this.#timers.set('delivery', now + DELIVERY_LIMIT_MS);
        return this.#proceed(now);
      case 'give-up':
        return [{ kind: 'abort', why: 'stopped' }, ...this.#end(this.outbox.isEmpty ? 'delivered' : 'stopped')];
      case 'opened':
        return this.#onOpened(now);
      case 'closed':
        return this.#onClosed(input.orderly, now);
      case 'flushed':
        for (let n = 0; n < input.count; n++) this.#onTaken(this.#inSocket.shift(), now);
        return this.outbox.unsent > 0 ? this.#proceed(now) : [];
      case 'pong':
        return this.#onPong(input.serial, now);
      case 'tick':
        return this.#timers.takeDue(now).flatMap((name) => this.#onDue(name, now));
    }
  }

  /** Whatever the state allows: begin to connect, send what waits, or begin to close. */
  #proceed(now: number): RelayOutput[] {
    const isDone = this.outbox.isEmpty && this.#finished;
    if (this.#state === 'idle') return isDone ? this.#end('delivered') : this.#connect(now);
    if (this.#state === 'waiting') return isDone ? this.#end('delivered') : [];
    if (this.#state !== 'open') return [];

    const outputs: RelayOutput[] = [];
    this.#sendWaiting(outputs);
    if (this.#finished && this.outbox.unsent === 0) this.#close(outputs, now);
    else this.#pingIfDue(outputs, now);
    return outputs;
  }

  #sendWaiting(outputs: RelayOutput[]): void {
    while (this.#inSocket.length < SOCKET_WINDOW && !this.#isWindowFull()) {
      const next = this.outbox.takeNext();
      if (next === undefined) break;
      outputs.push({ kind: 'send', message: next.message });
      this.#inSocket.push(next);
      this.#lastSent = next.serial;
    }
  }

  /** Some servers answer a Close with a code of their own; then it is the ping before it that says what was read. */
  #close(outputs: RelayOutput[], now: number): void {
    const isPinged = this.outbox.unconfirmed === 0 || this.#ping?.serial === this.#lastSent;
    if (!isPinged) outputs.push(this.#pingNow(now));
    this.#state = 'closing';
    for (const name of OF_CONNECTION) this.#timers.clear(name);
    this.#timers.set('close', now + CLOSE_LIMIT_MS);
    outputs.push({ kind: 'close' });
  }

  #isWindowFull(): boolean {
    return this.outbox.unconfirmed >= this.#window.size;
  }

  /** One ping is under way at a time. What is unconfirmed is two fragments of each participant, and a round trip's worth. */
  #pingIfDue(outputs: RelayOutput[], now: number): void {
    if (this.#ping !== undefined) return;
    if (this.outbox.unconfirmed === 0) {
      if (!this.#timers.isSet('liveness')) this.#timers.set('liveness', now + LIVENESS_MS);
      return;
    }
    const isHeldBack = this.outbox.unsent > 0 || this.#isWindowFull();
    if (isHeldBack || this.outbox.wantsConfirmation || now >= this.#confirmAt) outputs.push(this.#pingNow(now));
    else this.#timers.set('confirm', this.#confirmAt);
  }

  #pingNow(now: number): RelayOutput {
    this.#ping = { serial: this.#lastSent, at: now };
    this.#confirmAt = now + CONFIRM_MS;
    this.#inSocket.push(undefined);
    this.#timers.clear('liveness');
    this.#timers.clear('confirm');
    this.#timers.set('pong', now + PONG_LIMIT_MS);
    return { kind: 'ping', serial: this.#lastSent };
  }

  /** Connects when it is this session's turn among all that want to. */
  #connect(now: number): RelayOutput[] {
    const turn = this.#pace.reserve(now);
    if (turn <= now) return this.#dial(now);
    this.#state = 'waiting';
    this.#timers.set('turn', turn);
    return [];
  }

  #dial(now: number): RelayOutput[] {
    this.#state = 'connecting';
    this.#timers.set('connect', now + CONNECT_LIMIT_MS);
    return [{ kind: 'connect' }];
  }

  #onOpened(now: number): RelayOutput[] {
    if (this.#state !== 'connecting') return [];
    this.#state = 'open';
    this.#opened += 1;
    this.#pace.succeeded();
    this.#timers.clear('connect');
    const outputs = this.#proceed(now);
    // What comes while the first ping is under way has another one at once.
    this.#confirmAt = Number.NEGATIVE_INFINITY;
    return outputs;
  }

  #onPong(serial: number, now: number): RelayOutput[] {
    // A pong that answers nothing of ours says nothing about what was read (RFC 6455, 5.5.3 allows it).
    if (serial !== this.#ping?.serial) return [];
    this.#window.answered(now - this.#ping.at, this.#isWindowFull());
    this.#ping = undefined;
    this.#timers.clear('pong');
    this.#attempts = 0;
    this.outbox.confirm(serial);
    return this.#proceed(now);
  }

  #onClosed(orderly: boolean, now: number): RelayOutput[] {
    const wasClosing = this.#state === 'closing';
    for (const name of OF_CONNECTION) this.#timers.clear(name);
    const unheardOf = this.#inSocket;
    this.#inSocket = [];
    this.#ping = undefined;
    this.#window.reset();

    // The receiver answers our Close after it has read all that came before it, so its answer confirms everything.
    if (wasClosing && orderly) {
      for (const queued of unheardOf) this.#onTaken(queued, now);
      return this.#end('delivered');
    }

    this.#pace.failed(now);
    this.outbox.rewind();
    if (this.#finished && this.outbox.isEmpty) return this.#end('delivered');
    this.#state = 'waiting';
    this.#attempts += 1;
    this.#timers.set('retry', now + retryPauseMs(this.#attempts, this.#dice()));
    return [];
  }

  #onTaken(queued: QueuedMessage | undefined, now: number): void {
    if (queued === undefined) return;
    this.#deliveries.message();
    const { pcm } = queued.message;
    if (pcm !== undefined && !queued.isTaken) this.#deliveries.fragment(pcm.byteLength, now - queued.pushedAt);
    queued.isTaken = true;
  }

  #onDue(name: TimerName, now: number): RelayOutput[] {
    switch (name) {
      case 'retry':
        return this.#connect(now);
      case 'turn':
        return this.#dial(now);
      case 'connect':
        return [{ kind: 'abort', why: 'connect-timeout' }, ...this.#onClosed(false, now)];
      case 'pong':
        return [{ kind: 'abort', why: 'silent' }, ...this.#onClosed(false, now)];
      case 'confirm':
        return this.#proceed(now);
      case 'liveness':
        return [this.#pingNow(now)];
      case 'close':
        return [{ kind: 'abort', why: 'close-timeout' }, ...this.#onClosed(false, now)];
      case 'delivery':
        return [{ kind: 'abort', why: 'gave-up' }, ...this.#end('gave-up')];
    }
  }

  #end(why: RelayEndReason): RelayOutput[] {
    if (why === 'delivered') this.outbox.confirm(Number.POSITIVE_INFINITY);
    else this.outbox.abandon();
    this.#state = 'over';
    this.#timers.clearAll();
    return [{ kind: 'over', why }];
  }
}
