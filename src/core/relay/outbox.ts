/**
 * What waits to reach the receiver, of all participants of one call.
 *
 * A message stays here until the receiver has confirmed it (a pong to a ping sent after it): what a broken connection
 * swallowed is sent again on the next one. Each participant has a bounded queue of its own, so that nobody's silence or
 * speech pushes out another's; when it is full, its oldest audio goes first, and is counted. What is under way to the
 * receiver just now stays, as long as there is anything else: to drop it here would save nobody its arrival.
 */

import type { Label } from './protocol.js';

export interface OutgoingMessage {
  readonly label: Label;
  /** The fragment's samples; undefined for the message that ends the participant's stream. */
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
  /** When it came, in ms. */
  readonly pushedAt: number;
  timesSent: number;
  /** Whether the operating system has ever taken it. */
  isTaken: boolean;
}

/** A participant with so many messages under way is to have them confirmed: no more of them than these may come twice. */
const CONFIRMED_EACH = 2;

/**
 * So many messages of a participant that are under way take nobody's place: a full queue that begins to be sent on a new
 * connection would otherwise have a hole behind the first of them, though the receiver reads on.
 */
const SPARE_UNDER_WAY = 16;

interface ParticipantQueue {
  readonly entries: QueuedMessage[];
  /** How many of the entries, from the oldest on, are sent on the present connection. */
  sent: number;
}

export class Outbox {
  readonly counts: OutboxCounts = { dropped: 0, unconfirmed: 0, resent: 0 };
  readonly #capacity: number;
  readonly #queues = new Map<string, ParticipantQueue>();
  #serial = 0;
  #unsent = 0;
  #unconfirmed = 0;

  /** `capacity` is in fragments for each participant, at least 1. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Messages that have yet to be sent on the present connection. */
  get unsent(): number {
    return this.#unsent;
  }

  /** Messages of one participant that the receiver has not confirmed, but for the few that it is about to. */
  waitingOf(channelid: string): number {
    const queue = this.#queues.get(channelid);
    if (queue === undefined) return 0;
    return queue.sent > CONFIRMED_EACH ? queue.entries.length : queue.entries.length - queue.sent;
  }

  /** Messages sent on the present connection that the receiver has not confirmed. */
  get unconfirmed(): number {
    return this.#unconfirmed;
  }

  /** Whether somebody has so much under way, or its end, that the receiver is to confirm it now. */
  get wantsConfirmation(): boolean {
    for (const { entries, sent } of this.#queues.values()) {
      if (sent >= CONFIRMED_EACH || (sent > 0 && entries[sent - 1]?.message.pcm === undefined)) return true;
    }
    return false;
  }

  get isEmpty(): boolean {
    return this.#unsent + this.#unconfirmed === 0;
  }

  /** When the oldest message came that the receiver has not confirmed, in ms; undefined when there is none. */
  get oldestPushedAt(): number | undefined {
    let oldest: number | undefined;
    for (const { entries } of this.#queues.values()) {
      const first = entries[0]?.pushedAt;
      if (first !== undefined && (oldest === undefined || first < oldest)) oldest = first;
    }
    return oldest;
  }

  push(message: OutgoingMessage, now: number): void {
    const queue = this.#queueOf(message.label.channelid);
    const room = this.#capacity + Math.min(queue.sent, SPARE_UNDER_WAY);
    while (queue.entries.length >= room) this.#dropOldest(queue);
    queue.entries.push({ serial: ++this.#serial, message, pushedAt: now, timesSent: 0, isTaken: false });
    this.#unsent += 1;
  }

  /** Takes the oldest unsent message of all participants; its serial number says what a later confirmation covers. */
  takeNext(): QueuedMessage | undefined {
    if (this.#unsent === 0) return undefined;
    let oldest: ParticipantQueue | undefined;
    for (const queue of this.#queues.values()) {
      const next = queue.entries[queue.sent];
      if (next === undefined) continue;
      if (oldest === undefined || next.serial < (oldest.entries[oldest.sent]?.serial ?? 0)) oldest = queue;
    }
    const entry = oldest?.entries[oldest.sent];
    if (oldest === undefined || entry === undefined) return undefined;

    oldest.sent += 1;
    entry.timesSent += 1;
    this.#unsent -= 1;
    this.#unconfirmed += 1;
    if (entry.timesSent === 2) this.counts.resent += 1;
    return entry;
  }

  /** The receiver has read everything up to this serial number. */
  confirm(serial: number): void {
    for (const [channelid, queue] of this.#queues) {
      let last: QueuedMessage | undefined;
      while (queue.sent > 0 && (queue.entries[0]?.serial ?? Number.POSITIVE_INFINITY) <= serial) {
        last = queue.entries.shift();
        queue.sent -= 1;
        this.#unconfirmed -= 1;
      }
      const hasEnded = last !== undefined && last.message.pcm === undefined;
      if (hasEnded && queue.entries.length === 0) this.#queues.delete(channelid);
    }
  }

  /** The connection is gone: all that was not confirmed is to be sent again. */
  rewind(): void {
    for (const queue of this.#queues.values()) queue.sent = 0;
    this.#unsent += this.#unconfirmed;
    this.#unconfirmed = 0;
  }

  /** Gives everything up, and counts it. */
  abandon(): void {
    for (const queue of this.#queues.values()) {
      while (queue.entries.length > 0) this.#dropOldest(queue);
    }
    this.#queues.clear();
  }

  #queueOf(channelid: string): ParticipantQueue {
    let queue = this.#queues.get(channelid);
    if (queue === undefined) {
      queue = { entries: [], sent: 0 };
      this.#queues.set(channelid, queue);
    }
    return queue;
  }

  #dropOldest(queue: ParticipantQueue): void {
    const at = queue.sent < queue.entries.length ? queue.sent : 0;
    const [oldest] = queue.entries.splice(at, 1);
    if (oldest === undefined) return;

    if (oldest.message.pcm !== undefined) this.counts[oldest.timesSent > 0 ? 'unconfirmed' : 'dropped'] += 1;
    if (at < queue.sent) {
      queue.sent -= 1;
      this.#unconfirmed -= 1;
    } else {
      this.#unsent -= 1;
    }
  }
}
