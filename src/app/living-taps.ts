/** The taps that live: hands each the events about it, and has removed from Asterisk what belongs to none of them any more. */

import type { BridgeSnapshot } from '../core/call/call-events.js';
import type { Channel } from '../core/call/channel.js';
import { PIECES } from '../core/call/resource-id.js';
import { LaterSweeps, sweep } from './sweep.js';
import type { Tally } from './tally.js';
import type { Tap, TapContext } from './tap.js';

export class LivingTaps {
  /** For taps that are to be among them. */
  readonly context: TapContext;
  readonly #tally: Tally;
  readonly #onIdle: () => void;
  readonly #taps = new Map<number, Tap>();
  readonly #laterSweeps: LaterSweeps;
  #serial = 0;
  #isLinked = false;
  /** Those whose pieces are all older than the lists of a snapshot. */
  #liveAtResync: readonly number[] = [];

  /** `onIdle` is told whenever none may be left, or something of one. */
  constructor(context: TapContext, tally: Tally, onIdle: () => void) {
    this.context = { ...context, onLeftover: () => this.#onLeftover() };
    this.#tally = tally;
    this.#onIdle = onIdle;
    this.#laterSweeps = new LaterSweeps(this.context, (tap) => this.#taps.has(tap), onIdle);
  }

  get count(): number {
    return this.#taps.size;
  }

  /** None lives, and nothing that one has left is still to be looked for. */
  get isIdle(): boolean {
    return this.#taps.size === 0 && !this.#laterSweeps.isOn;
  }

  /** Whether Asterisk's events reach us: without them no tap can be made. */
  get isLinked(): boolean {
    return this.#isLinked;
  }

  /** A serial number for the next tap, unique in this run. */
  nextSerial(): number {
    this.#serial += 1;
    return this.#serial;
  }

  /** A tap begins, or is over. */
  onTap(serial: number, tap: Tap | undefined): void {
    if (tap === undefined) {
      this.#taps.delete(serial);
      this.#tally.taps.delete(serial);
    } else {
      this.#taps.set(serial, tap);
      this.#tally.taps.add(serial);
    }
    this.#onIdle();
  }

  /** The first packet of a tap has come. */
  onFirstPacket(serial: number): void {
    this.#taps.get(serial)?.onFirstPacket();
  }

  /** Something happened to the channel or bridge of this id, which may be a piece of a tap. */
  hear(kind: 'entered' | 'left' | 'vanished', id: string): void {
    const ours = this.context.names.parse(id);
    if (ours === undefined) return;
    const tap = this.#taps.get(ours.tap);
    tap?.hear(kind, ours.piece);
    if (tap === undefined && kind === 'entered') this.#onLeftover();
  }

  /** Events flow again; a snapshot follows. */
  linked(): void {
    this.#isLinked = true;
    this.#liveAtResync = [...this.#taps].flatMap(([serial, tap]) => (tap.isLive ? [serial] : []));
  }

  /** No events flow any more. */
  unlinked(): void {
    this.#isLinked = false;
    this.#laterSweeps.cancel();
    this.#onIdle();
  }

  /** Taps of which a piece is not among these things any more are told. */
  compare(existing: ReadonlySet<string>): void {
    for (const serial of this.#liveAtResync) {
      for (const piece of PIECES) {
        if (!existing.has(this.context.names.idOf(serial, piece))) this.#taps.get(serial)?.hear('vanished', piece);
      }
    }
    this.#liveAtResync = [];
  }

  /** Removes what an earlier run, or a broken connection, has left of ours. */
  async removeLeftovers(channels: readonly Channel[], bridges: readonly BridgeSnapshot[]): Promise<void> {
    const left = await sweep(this.context, (tap) => this.#taps.has(tap), channels, bridges);
    if (left > 0) this.#onLeftover();
  }

  /** Without a link its return brings a sweep. */
  #onLeftover(): void {
    if (this.#isLinked) this.#laterSweeps.want();
  }
}
