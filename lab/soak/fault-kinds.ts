/** The kinds of faults in a soak: what they strike, for how long, how often, and what may be excused while they last. */

/** Two faults of one part never overlap; those of different parts may. */
export type FaultPart = 'receiver' | 'asterisk' | 'add-on' | 'media' | 'monitoring';

export interface FaultTraits {
  readonly part: FaultPart;
  /** How long it lasts, in ms of the machine's time. */
  readonly shortestMs: number;
  readonly longestMs: number;
  /** How many of the cards in a deck are of this kind. */
  readonly cards: number;
  /** Only in every so manieth deck, and not in the first ones. Default: in each. */
  readonly inEveryDeck?: number;
  /** What needs it to be over before the next fault of the part, beside its length. */
  readonly settlesMs: number;
  /** The phones themselves are struck: Asterisk carries their audio. */
  readonly harmsPhones?: true;
  /** Streams may begin late, end early, or lack audio that nobody could have counted. */
  readonly harmsStreams?: true;
}

const QUICK = { settlesMs: 500 } as const;

export const FAULT_KINDS = {
  'receiver-killed': { part: 'receiver', shortestMs: 500, longestMs: 20_000, cards: 2, ...QUICK },
  // Shorter than the add-on waits for a pong: both ends of a connection that was given up would be read side by side.
  'receiver-stalls': { part: 'receiver', shortestMs: 500, longestMs: 12_000, cards: 1, ...QUICK },
  'receiver-resets': { part: 'receiver', shortestMs: 0, longestMs: 0, cards: 1, ...QUICK },
  'receiver-answers-503': { part: 'receiver', shortestMs: 500, longestMs: 10_000, cards: 1, ...QUICK },
  'receiver-closes-oddly': { part: 'receiver', shortestMs: 0, longestMs: 0, cards: 1, ...QUICK },
  'events-cut': { part: 'asterisk', shortestMs: 0, longestMs: 3_000, cards: 1, settlesMs: 2_000, harmsStreams: true },
  'asterisk-stopped': {
    part: 'asterisk',
    shortestMs: 500,
    longestMs: 4_000,
    cards: 1,
    settlesMs: 3_000,
    harmsPhones: true,
    harmsStreams: true,
  },
  'asterisk-killed': {
    part: 'asterisk',
    shortestMs: 0,
    longestMs: 2_000,
    cards: 1,
    inEveryDeck: 3,
    // After its restart old dialogues of SIP time out (64 times T1, RFC 3261, 17.1.1.1).
    settlesMs: 40_000,
    harmsPhones: true,
    harmsStreams: true,
  },
  'add-on-killed': {
    part: 'add-on',
    shortestMs: 0,
    longestMs: 2_000,
    cards: 1,
    settlesMs: 3_000,
    harmsStreams: true,
  },
  'add-on-terminated': {
    part: 'add-on',
    shortestMs: 0,
    longestMs: 2_000,
    cards: 1,
    settlesMs: 3_000,
    harmsStreams: true,
  },
  'add-on-stopped': {
    part: 'add-on',
    shortestMs: 200,
    longestMs: 2_000,
    cards: 1,
    settlesMs: 1_000,
    harmsStreams: true,
  },
  'settings-reloaded': { part: 'add-on', shortestMs: 0, longestMs: 0, cards: 1, ...QUICK },
  // All streams end and begin anew, as docs/settings.md says of SIGUSR2.
  'settings-applied': { part: 'add-on', shortestMs: 0, longestMs: 0, cards: 1, ...QUICK, harmsStreams: true },
  'subscriptions-changed': {
    part: 'add-on',
    shortestMs: 500,
    longestMs: 4_000,
    cards: 1,
    settlesMs: 1_000,
    harmsStreams: true,
  },
  'strangers-send-rtp': { part: 'media', shortestMs: 1_000, longestMs: 5_000, cards: 1, ...QUICK },
  'random-bytes-sent': { part: 'media', shortestMs: 500, longestMs: 3_000, cards: 1, ...QUICK },
  'page-and-metrics-read': { part: 'monitoring', shortestMs: 1_000, longestMs: 5_000, cards: 1, ...QUICK },
} as const satisfies Record<string, FaultTraits>;

export type FaultKind = keyof typeof FAULT_KINDS;

/** The same table, with what not every kind has. */
export function faultTraits(kind: FaultKind): FaultTraits {
  return FAULT_KINDS[kind];
}
