/** What happens in a soak, worked out beforehand from its seed alone: who calls whom, when, and what breaks meanwhile. */
import { seededRandom } from '../seeded-random.js';
import { CALL_KINDS, type CallKind, type CallTraits, partiesOf } from './call-kinds.js';
import { FAULT_KINDS, type FaultKind, type FaultPart, faultTraits } from './fault-kinds.js';

export interface SoakPlanOptions {
  /** 0 to 2^32 - 1. */
  readonly seed: number;
  /** Length of the busy hour that is simulated. */
  readonly minutes: number;
  /** How much faster than that it goes. */
  readonly compression: number;
  /** Calls that are up at once, on average (Erlang). */
  readonly calls: number;
  /** Seconds of the machine's time from one fault to the next, on average; 0 for none. */
  readonly faultEverySeconds: number;
}

/** All times are ms of the machine's time, from the soak's begin on. */
export interface PlannedCall {
  readonly serial: number;
  readonly atMs: number;
  readonly kind: CallKind;
  readonly parties: readonly string[];
  /** How long the called phone rings. */
  readonly ringMs: number;
  /** How long they talk, all in all. */
  readonly talkMs: number;
}

export interface PlannedFault {
  readonly serial: number;
  readonly atMs: number;
  readonly kind: FaultKind;
  readonly forMs: number;
  /** 0 up to but not including 1, for what else is left to chance in it. */
  readonly chance: number;
}

export interface SoakPlan {
  readonly lengthMs: number;
  readonly calls: readonly PlannedCall[];
  readonly faults: readonly PlannedFault[];
  /** Arrivals for which too few phones were free. */
  readonly blocked: number;
}

/** Of the simulated hour. Two minutes are a usual mean holding time. */
const MEAN_HOLDING_S = 120;
const SHORTEST_TALK_MS = 2_000;
/** What a phone plays lasts a little longer than ring and talk of the longest call. */
export const LONGEST_TALK_MS = 90_000;
/** Long enough for the tap to be there before the answer, so that no sample is missing. */
const SHORTEST_RING_MS = 600;
const LONGEST_RING_MS = 2_500;
/** Until a phone that was in a call may be in the next one. */
const REST_MS = 4_000;
/** The first fault waits for the first calls. */
const FIRST_FAULT_MS = 5_000;

/** How many phones a soak with so many calls at once has: enough that few arrivals are blocked. */
export function phonesFor(calls: number): number {
  return Math.max(12, Math.ceil(calls * 4));
}

export function planSoak(options: SoakPlanOptions): SoakPlan {
  const lengthMs = (options.minutes * 60_000) / options.compression;
  return { lengthMs, ...plannedCalls(options, lengthMs), faults: plannedFaults(options, lengthMs) };
}

/** Arrivals are a Poisson process and holding times exponential, as in Erlang's model of a busy hour. */
function plannedCalls(
  { seed, compression, calls: load }: SoakPlanOptions,
  lengthMs: number,
): Pick<SoakPlan, 'calls' | 'blocked'> {
  const random = seededRandom(seed);
  const meanTalkMs = (MEAN_HOLDING_S * 1000) / compression;
  const kinds = cards(random, () => CALL_CARDS);
  const freeAt = new Map<string, number>();
  const calls: PlannedCall[] = [];
  let blocked = 0;
  for (let atMs = 0; ; ) {
    atMs += exponential(random, meanTalkMs / load);
    if (atMs >= lengthMs) return { calls, blocked };
    const kind = kinds.next().value;
    const ringMs = Math.round(SHORTEST_RING_MS + random() * (LONGEST_RING_MS - SHORTEST_RING_MS));
    // Nobody talks on for long when the hour is over.
    const longestMs = Math.min(LONGEST_TALK_MS, lengthMs - atMs);
    const talkMs = Math.round(Math.max(SHORTEST_TALK_MS, Math.min(longestMs, exponential(random, meanTalkMs))));
    const parties = freeParties(CALL_KINDS[kind], phonesFor(load), freeAt, atMs, random);
    if (parties === undefined) {
      blocked += 1;
      continue;
    }
    for (const party of parties) freeAt.set(party, atMs + 2 * ringMs + talkMs + REST_MS);
    calls.push({ serial: calls.length + 1, atMs: Math.round(atMs), kind, parties, ringMs, talkMs });
  }
}

function freeParties(
  { parties: pools }: CallTraits,
  phones: number,
  freeAt: ReadonlyMap<string, number>,
  atMs: number,
  random: () => number,
): readonly string[] | undefined {
  const chosen: string[] = [];
  for (const pool of pools) {
    const free = partiesOf(pool, phones).filter((party) => !chosen.includes(party) && (freeAt.get(party) ?? 0) <= atMs);
    const party = free[Math.floor(random() * free.length)];
    if (party === undefined) return undefined;
    chosen.push(party);
  }
  return chosen;
}

/** A random process of its own, so that other calls do not mean other faults. */
function plannedFaults({ seed, faultEverySeconds }: SoakPlanOptions, lengthMs: number): PlannedFault[] {
  if (faultEverySeconds === 0) return [];
  const random = seededRandom((seed ^ 0x5eed_fa17) >>> 0);
  const kinds = cards(random, faultDeck);
  const freeAt = new Map<FaultPart, number>();
  const faults: PlannedFault[] = [];
  let atMs = FIRST_FAULT_MS;
  for (;;) {
    atMs += exponential(random, faultEverySeconds * 1000);
    const kind = kinds.next().value;
    const { part, shortestMs, longestMs, settlesMs } = faultTraits(kind);
    const forMs = Math.round(shortestMs + random() ** 2 * (longestMs - shortestMs));
    const startMs = Math.round(Math.max(atMs, freeAt.get(part) ?? 0));
    const chance = random();
    if (atMs >= lengthMs) break;
    if (startMs + forMs >= lengthMs) continue;
    freeAt.set(part, startMs + forMs + settlesMs);
    faults.push({ serial: 0, atMs: startMs, kind, forMs, chance });
  }
  const inOrder = faults.sort((one, other) => one.atMs - other.atMs);
  return inOrder.map((fault, index) => ({ ...fault, serial: index + 1 }));
}

const CALL_CARDS = Object.entries(CALL_KINDS).flatMap(([kind, traits]) =>
  Array.from({ length: traits.cards }, () => kind as CallKind),
);

/** `deck` counts from 1. */
function faultDeck(deck: number): readonly FaultKind[] {
  return (Object.keys(FAULT_KINDS) as FaultKind[]).flatMap((kind) => {
    const { cards: count, inEveryDeck = 1 } = faultTraits(kind);
    return deck % inEveryDeck === 0 ? Array.from({ length: count }, () => kind) : [];
  });
}

/** Deals one shuffled deck after the other, so that every kind comes in its turn, and nobody knows when. */
function* cards<Kind>(random: () => number, deckOf: (deck: number) => readonly Kind[]): Generator<Kind, never> {
  for (let deck = 1; ; deck++) {
    const left = [...deckOf(deck)];
    while (left.length > 0) yield* left.splice(Math.floor(random() * left.length), 1);
  }
}

function exponential(random: () => number, mean: number): number {
  return -mean * Math.log(1 - random());
}
