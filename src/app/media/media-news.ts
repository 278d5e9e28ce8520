/** What media planes tell without being asked, and what they answer. All of it is plain data, like the orders. */

import type { Level } from '../../core/audio/level.js';
import type { Gap } from '../../core/gap-list.js';
import type { MediaFigures } from '../../core/monitoring/media-figures.js';
import type { ParticipantStats } from '../../core/participant-stats.js';
import type { PlainError } from '../../core/plain-error.js';
import type { DeliveryCounts } from '../call-stream.js';
import type { Forward } from './media-orders.js';

/** What came of a participant's audio. */
export interface ParticipantOutcome {
  readonly stats: ParticipantStats;
  readonly gaps: readonly Gap[];
}

export type MediaNews =
  /** The first packet of a tap has come. */
  | { readonly kind: 'first-packet'; readonly tap: number }
  /** The participant's stream goes on under this call, where it may be paused. */
  | { readonly kind: 'moved'; readonly participant: number; readonly callid: string; readonly isPaused: boolean }
  /** A fragment of somebody who is to be heard. */
  | { readonly kind: 'fragment'; readonly participant: number; readonly pcm: Int16Array }
  /** The participant's stream is over; it ended under this call, if it was ever opened. */
  | {
      readonly kind: 'ended';
      readonly participant: number;
      readonly callid: string | undefined;
      readonly outcome: ParticipantOutcome;
    }
  /** All that a call's streams gave is delivered, or given up. */
  | { readonly kind: 'delivered'; readonly callid: string; readonly counts: DeliveryCounts }
  | { readonly kind: 'receiver-connected'; readonly shownAs: string; readonly callid: string }
  | { readonly kind: 'receiver-failed'; readonly error: PlainError; readonly callid: string };

export type PlaneNews = MediaNews | Forward;

/** What the plane of a call knows of one who takes part. */
export interface RelayReading {
  /** Fragments that the receiver has not confirmed. */
  readonly waiting: number;
  /** How often the connection of its call came back. */
  readonly reconnects: number;
}

/** What the live view shows of one participant. */
export interface LiveReading extends RelayReading {
  readonly participant: number;
  readonly callid: string;
  /** Of what was said since the last time. */
  readonly level: Level;
  readonly fragments: number;
  readonly lostMs: number;
  readonly pausedMs: number;
}

export interface PacketReading {
  readonly ofParticipants: ReadonlyMap<number, number>;
  readonly ofTaps: ReadonlyMap<number, number>;
  /** HOST:PORT of senders whom no tap knows. */
  readonly strangers: readonly string[];
}

/** By the kind of question. */
export interface MediaAnswers {
  readonly figures: MediaFigures;
  readonly packets: PacketReading;
  readonly live: readonly LiveReading[];
  readonly pulse: true;
  readonly outcomes: ReadonlyMap<number, ParticipantOutcome>;
}

export interface PlaneAnswers extends MediaAnswers {
  /** In the order of the question. */
  readonly relayed: readonly RelayReading[];
}
