/**
 * What waits to reach the receiver, of all participants of one call.
 *
 * A message stays here until the receiver has confirmed it (a pong to a ping sent after it): what a broken connection
 * swallowed is sent again on the next one. Each participant has bounded room of its own, so that nobody's silence or
 * speech pushes out another's; when it is full, its oldest audio goes first, and is counted. What is under way to the
 * receiver just now stays, as long as there is anything else: to drop it here would save nobody its arrival.
 */

import { giveBack } from '../fragment-memory.js';
import type { Label } from './protocol.js';

export interface OutgoingMessage {
  readonly label: Label;
  /** The fragment's samples, whose memory is the outbox's from now on; undefined for the message that ends the participant's stream. */
  readonly pcm: Int16Array | undefined;
}

export interface OutboxCounts {
  /** Fragments that were dropped before they were ever sent. */
  dropped: number;
  /** Fragments that were sent, never confirmed, and pushed out by newer ones. */
  unconfirmed: number;
  /** Fragments that were sent more than once. */
  resent: number;
}

export interface QueuedMessage {
  readonly serial: number;
  readonly message: OutgoingMessage;
  /** Whose it is. */
  readonly share: Share;
  /** When it came, in ms. */
  readonly pushedAt: number;
  timesSent: number;
  /** Whether the operating system has ever taken it. */
  isTaken: boolean;
}

/** How many of the messages are one participant's. */
interface Share {
  kept: number;
  /** Of them, sent on the present connection. */
  underWay: number;
}

/** A participant with so many messages under way is to have them confirmed: no more of them than these may come twice. */
const CONFIRMED_EACH = 2;

/**
 * So many messages of a participant that are under way take nobody's place: a full queue that begins to be sent on a new
 * connection would otherwise have a hole behind the first of them, though the receiver reads on.
 */
const SPARE_UNDER_WAY = 16;

export class Outbox {
  readonly counts: OutboxCounts = { dropped: 0, unconfirmed: 0, resent: 0 };
  readonly #capacity: number;
  /** In the order in which they came, so those under way are in front. */
  readonly #queue: QueuedMessage[] = [];
  #underWay = 0;
  /** By channelid. */
  readonly #shares = new Map<string, Share>();
  #serial = 0;

  /** `capacity` is in fragments for each participant, at least 1. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Messages that have yet to be sent on the present connection. */
  get unsent(): number {
    return this.#queue.length - this.#underWay;
  }

  /** Messages of one participant that the receiver has not confirmed, but for the few that it is about to. */
  waitingOf(channelid: string): number {
    const share = this.#shares.get(channelid);
    if (share === undefined) return 0;
    return share.underWay > CONFIRMED_EACH ? share.kept : share.kept - share.underWay;
  }

  /** Messages sent on the present connection that the receiver has not confirmed. */
  get unconfirmed(): number {
    return this.#underWay;
  }

  /** Whether somebody has so much under way, or its end, that the receiver is to confirm it now. */
  get wantsConfirmation(): boolean {
    for (let n = 0; n < this.#underWay; n++) {
      const sent = this.#queue[n];
      if (sent === undefined || sent.share.underWay >= CONFIRMED_EACH || sent.message.pcm === undefined) return true;
    }
    return false;
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** When the oldest message came that the receiver has not confirmed, in ms; undefined when there is none. */
  get oldestPushedAt(): number | undefined {
    return this.#queue[0]?.pushedAt;
  }

  push(message: OutgoingMessage, now: number): void {
    const share = this.#shareOf(message.label.channelid);
    const room = this.#capacity + Math.min(share.underWay, SPARE_UNDER_WAY);
    while (share.kept >= room) this.#dropOldest(share);
    this.#queue.push({ serial: ++this.#serial, message, share, pushedAt: now, timesSent: 0, isTaken: false });
    share.kept += 1;
  }

  /** Takes the oldest unsent message; its serial number says what a later confirmation covers. */
  takeNext(): QueuedMessage | undefined {
    const next = this.#queue[this.#underWay];
    if (next === undefined) return undefined;
    this.#underWay += 1;
    next.share.underWay += 1;
    next.timesSent += 1;
    if (next.timesSent === 2) this.counts.resent += 1;
    return next;
  }

  /** The receiver has read everything up to this serial number, so that the memory of these fragments is free. */
  confirm(serial: number): void {
    while (this.#underWay > 0) {
      const first = this.#queue[0];
      if (first === undefined || first.serial > serial) return;
      this.#remove(0);
      const { label, pcm } = first.message;
      if (pcm !== undefined) giveBack(pcm);
      else if (first.share.kept === 0) this.#shares.delete(label.channelid);
    }
  }

  /** The connection is gone: all that was not confirmed is to be sent again. */
  rewind(): void {
    for (const share of this.#shares.values()) share.underWay = 0;
    this.#underWay = 0;
  }

  /** Gives everything up, and counts it. */
  abandon(): void {
    while (this.#queue.length > 0) this.#drop(0);
    this.#shares.clear();
  }

  #shareOf(channelid: string): Share {
    let share = this.#shares.get(channelid);
    if (share === undefined) {
      share = { kept: 0, underWay: 0 };
      this.#shares.set(channelid, share);
    }
    return share;
  }

  #dropOldest(share: Share): void {
    const unsent = this.#queue.findIndex((one, index) => index >= this.#underWay && one.share === share);
    this.#drop(unsent < 0 ? this.#queue.findIndex((one) => one.share === share) : unsent);
  }

  #drop(index: number): void {
    const dropped = this.#remove(index);
    if (dropped?.message.pcm !== undefined) this.counts[dropped.timesSent > 0 ? 'unconfirmed' : 'dropped'] += 1;
  }

  #remove(index: number): QueuedMessage | undefined {
    const removed = index === 0 ? this.#queue.shift() : this.#queue.splice(index, 1)[0];
    if (removed === undefined) return undefined;
    removed.share.kept -= 1;
    if (index < this.#underWay) {
      this.#underWay -= 1;
      removed.share.underWay -= 1;
    }
    return removed;
  }
}
