/** The kinds of calls in a soak: how frequent each is, and which parties it takes. */

/** Where a party comes from: a phone of the PBX, a number of the outside world, or what there is only one of. */
export type PartyPool = 'phone' | 'outsider' | 'queue' | 'room';

export interface CallTraits {
  /** How many of the cards in a deck are of this kind. */
  readonly cards: number;
  /** In the order in which the conversation takes them. */
  readonly parties: readonly PartyPool[];
}

export const CALL_KINDS = {
  internal: { cards: 6, parties: ['phone', 'phone'] },
  inbound: { cards: 4, parties: ['outsider', 'phone'] },
  outbound: { cards: 3, parties: ['phone', 'outsider'] },
  busy: { cards: 1, parties: ['phone', 'phone'] },
  unanswered: { cards: 1, parties: ['phone', 'phone'] },
  cancelled: { cards: 1, parties: ['phone', 'phone'] },
  hold: { cards: 2, parties: ['phone', 'phone'] },
  'blind-transfer': { cards: 1, parties: ['phone', 'phone', 'phone'] },
  'attended-transfer': { cards: 1, parties: ['phone', 'phone', 'phone'] },
  conference: { cards: 1, parties: ['room', 'phone', 'phone', 'outsider'] },
  queue: { cards: 2, parties: ['queue', 'outsider'] },
} as const satisfies Record<string, CallTraits>;

export type CallKind = keyof typeof CALL_KINDS;

/** Behind 602; both agents ring, so that one call at a time is in it. */
export const QUEUE_AGENTS = ['1003', '1004'] as const;
const OUTSIDERS = 12;
const FIRST_OUTSIDER = 4_930_235_500;
export const FIRST_PHONE = 1100;

/** All parties of a pool, when `phones` phones are there. */
export function partiesOf(pool: PartyPool, phones: number): readonly string[] {
  switch (pool) {
    case 'phone':
      return numbers(FIRST_PHONE, phones);
    case 'outsider':
      return numbers(FIRST_OUTSIDER, OUTSIDERS);
    case 'queue':
      return ['602'];
    case 'room':
      return ['603'];
  }
}

function numbers(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(first + index));
}
