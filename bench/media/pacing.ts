/**
 * When each participant's packets are due. Deadlines are absolute: what was late does not shift what follows. The
 * participants' phases are spread over the 20 ms, as calls begin at any moment, and each packet is late by some jitter.
 */
import { seededRandom } from '../../lab/seeded-random.js';
import { PACKET_MS } from './path.js';

/** Most packets are late by less than this, one in a thousand by seven times as much; never by more than the most. */
const JITTER_MEAN_MS = 0.4;
export const JITTER_MOST_MS = 8;
/** More than lies between two packets of one participant, in ms. */
const SLOTS = 64;
/** The golden ratio's fraction spreads any number of phases evenly. */
const SPREAD = 0.618_033_988_749_895;

export class Pacer {
  /** By the millisecond in which they are due, in a ring: participants, and when exactly. */
  readonly #slots: number[][] = Array.from({ length: SLOTS }, () => []);
  readonly #dueMs: Float64Array;
  readonly #beginMs: Float64Array;
  readonly #sent: Int32Array;
  readonly #random: () => number;
  /** All before this millisecond is done. */
  #cursor: number | undefined;

  constructor(participants: number, seed: number) {
    this.#dueMs = new Float64Array(participants);
    this.#beginMs = new Float64Array(participants);
    this.#sent = new Int32Array(participants);
    this.#random = seededRandom(seed);
  }

  /** From now on this participant sends; its first packet is due within 20 ms and the jitter. */
  add(participant: number, now: number): void {
    this.#cursor ??= Math.floor(now);
    const phase = (participant * SPREAD) % 1;
    this.#beginMs[participant] = Math.max(now, this.#cursor) + phase * PACKET_MS;
    this.#plan(participant);
  }

  /** Hands over whatever is due by now, in order to the millisecond, with the time at which it was due. */
  takeDue(now: number, take: (participant: number, packet: number, dueMs: number) => void): void {
    if (this.#cursor === undefined) return;
    for (; this.#cursor <= now; this.#cursor += 1) {
      const slot = this.#slots[this.#cursor % SLOTS];
      if (slot === undefined || slot.length === 0) continue;
      this.#slots[this.#cursor % SLOTS] = [];
      for (const participant of slot) {
        const packet = this.#sent[participant] ?? 0;
        take(participant, packet, this.#dueMs[participant] ?? 0);
        this.#sent[participant] = packet + 1;
        this.#plan(participant);
      }
    }
  }

  #plan(participant: number): void {
    const jitter = Math.min(JITTER_MOST_MS, -JITTER_MEAN_MS * Math.log(1 - this.#random()));
    const due = (this.#beginMs[participant] ?? 0) + (this.#sent[participant] ?? 0) * PACKET_MS + jitter;
    this.#dueMs[participant] = due;
    // Sent when its millisecond is over: never before it is due.
    this.#slots[Math.ceil(due) % SLOTS]?.push(participant);
  }
}

/** How far behind its deadlines a sender was, in ranges of a quarter of a millisecond. */
export class Lateness {
  readonly #counts = new Uint32Array(400);
  count = 0;
  mostMs = 0;

  note(ms: number): void {
    const range = Math.min(this.#counts.length - 1, Math.max(0, Math.floor(ms / RANGE_MS)));
    this.#counts[range] = (this.#counts[range] ?? 0) + 1;
    this.count += 1;
    this.mostMs = Math.max(this.mostMs, ms);
  }

  /** The upper end of the range in which this share of all is reached, in ms. */
  under(share: number): number {
    let sum = 0;
    for (const [range, count] of this.#counts.entries()) {
      sum += count;
      if (sum >= share * this.count) return (range + 1) * RANGE_MS;
    }
    return this.mostMs;
  }
}

const RANGE_MS = 0.25;

/** What a sender tells of its own pace. */
export interface Pace {
  readonly packets: number;
  /** Lateness of the packets against their deadlines, ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
  /** Packets that the operating system did not take. */
  readonly refused: number;
}

/** One packet in a hundred may be so late, and none later than a packet's length and a half: that would be bunches of two. */
const P99_LIMIT_MS = 5;
const MOST_LIMIT_MS = 30;

/** Why a run with this pace says nothing about the program; undefined for one that does. */
export function whyInvalid({ packets, p99Ms, mostMs, refused }: Pace): string | undefined {
  if (packets === 0) return 'the sender sent nothing';
  if (refused > 0) return `the operating system refused ${refused} packets of the sender`;
  if (p99Ms > P99_LIMIT_MS) return `the sender was ${p99Ms.toFixed(1)} ms late in 1 % of its packets`;
  if (mostMs > MOST_LIMIT_MS) return `the sender was once ${mostMs.toFixed(0)} ms late`;
  return undefined;
}
