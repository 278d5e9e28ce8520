/** What a sender is told, and what it tells. */
import type { Pace } from './pacing.js';

export interface SenderOptions {
  /** A name of PATHS. */
  readonly path: string;
  readonly participants: number;
  /** At most so long, with some to spare for starting and stopping. */
  readonly seconds: number;
  /** Whether each packet carries its number, see stamp.ts. */
  readonly isStamped: boolean;
}

export interface SentPackets {
  /** How many times each participant has room for in `times`. */
  readonly capacity: number;
  /** When each packet was handed to the operating system, in ms on the shared clock, participant by participant. */
  readonly times: Float64Array;
  /** Packets sent, by participant. */
  readonly counts: Int32Array;
  readonly pace: Pace;
  /** Why nothing can be learnt from this; undefined when the pace was kept. */
  readonly invalid: string | undefined;
}
