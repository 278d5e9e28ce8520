/** The calls of the compose lab's day: who rings whom, and what happens then. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Leg, LegConduct } from './leg.js';
import type { PhoneCall, Phones } from './phones.js';
import type { Trunk } from './trunk.js';

/** Whom the phones may call: 1001 is behind the menu, 1003 and 1004 are the agents of the queue, 1010 is left alone. */
export const ALL_DAY_EXTENSIONS = ['1001', '1002', '1003', '1004', '1005', '1006', '1007', '1008', '1009'] as const;
const BEHIND_THE_MENU = '1001';
const AGENTS = ['1003', '1004'] as const;
const COLLEAGUES = ['1002', '1005', '1006', '1007', '1008', '1009'] as const;
/** Numbers of the outside world that countries keep for films. */
const OUTSIDERS = ['12125550143', '442079460123', '4930235551', '61255501234', '33199001234', '16135550187'] as const;

/** All who say something. */
export const ALL_DAY_NUMBERS: readonly string[] = [...ALL_DAY_EXTENSIONS, ...OUTSIDERS];

export interface Day {
  readonly phones: Phones;
  readonly trunk: Trunk;
  /** 0 up to but not including 1. */
  readonly random: () => number;
  /** What a number does in a call: it talks. */
  readonly conductOf: (number: string) => LegConduct;
  /** How long a conversation lasts, in milliseconds. */
  readonly shortestMs: number;
  readonly longestMs: number;
  readonly say: (line: string) => void;
  /** Ends the conversations that are under way. */
  readonly signal: AbortSignal;
}

export interface AllDayCall {
  readonly name: string;
  /** Numbers that must be free, and are taken as long as it lasts; undefined when too few are. */
  readonly reserve: (free: (number: string) => boolean, random: () => number) => readonly string[] | undefined;
  /** One conversation from its first ring to its end; `numbers` are those reserved. */
  readonly run: (day: Day, numbers: readonly string[]) => Promise<void>;
}

/** How long a caller listens to the menu before it presses a key. */
const MENU_MS = 2500;
const ANSWER_LIMIT_MS = 15_000;

export const ALL_DAY_CALLS: readonly AllDayCall[] = [
  {
    name: 'internal',
    reserve: (free, random) => pick(COLLEAGUES, 2, free, random),
    run: async (day, [from = '', to = '']) => {
      day.say(`${from} calls ${to}`);
      await talk(day, await call(day, { from, to }));
    },
  },
  {
    name: 'inbound',
    reserve: (free, random) => together(pick(OUTSIDERS, 1, free, random), pick(COLLEAGUES, 1, free, random)),
    run: async (day, [outsider = '', to = '']) => {
      const did = `202555${to}`;
      day.say(`${outsider} calls ${did} through the trunk, which rings ${to}`);
      await talk(day, await callIn(day, did, outsider));
    },
  },
  {
    name: 'outbound',
    reserve: (free, random) => together(pick(COLLEAGUES, 1, free, random), pick(OUTSIDERS, 1, free, random)),
    run: async (day, [from = '', outsider = '']) => {
      day.say(`${from} calls ${outsider} outside, through the trunk`);
      await talk(day, await call(day, { from, to: `9${outsider}` }));
    },
  },
  {
    name: 'menu',
    reserve: (free, random) => together(pick(OUTSIDERS, 1, free, random), pick([BEHIND_THE_MENU], 1, free, random)),
    run: async (day, [outsider = '']) => {
      day.say(`${outsider} calls 2025550161 through the trunk and reaches the menu`);
      const leg = await callIn(day, '2025550161', outsider);
      await wait(MENU_MS, day.signal);
      day.say(`${outsider} presses 1 in the menu, which rings ${BEHIND_THE_MENU}`);
      await leg.press('1');
      await Promise.race([day.phones.answeredBy(BEHIND_THE_MENU, ANSWER_LIMIT_MS), leg.ended]);
      await talk(day, leg);
    },
  },
  {
    name: 'queue',
    reserve: (free, random) => together(pick(OUTSIDERS, 1, free, random), pick(AGENTS, 2, free, random)),
    run: async (day, [outsider = '']) => {
      day.say(`${outsider} calls 2025550162 through the trunk and waits in the queue of ${AGENTS.join(' and ')}`);
      const leg = await callIn(day, '2025550162', outsider);
      const agent = await Promise.race([
        ...AGENTS.map((number) => day.phones.answeredBy(number, ANSWER_LIMIT_MS)),
        leg.ended.then(() => undefined),
      ]);
      if (agent !== undefined) day.say(`${agent.number} takes ${outsider} out of the queue`);
      await talk(day, leg);
    },
  },
  {
    name: 'conference',
    reserve: (free, random) => together(pick(COLLEAGUES, 2, free, random), pick(OUTSIDERS, 1, free, random)),
    run: async (day, [first = '', second = '', outsider = '']) => {
      day.say(`${first}, ${second} and, through the trunk, ${outsider} meet in conference room 603`);
      const legs: Leg[] = [];
      try {
        for (const from of [first, second]) legs.push(await call(day, { from, to: '603' }));
        legs.push(await callIn(day, '2025550163', outsider));
        await wait(between(day), day.signal);
      } finally {
        await Promise.all(legs.map((leg) => leg.hangUp()));
      }
    },
  },
];

/** What answers when it is called, and how: from the start of the day on. */
export function answerCalls({ phones, trunk, conductOf }: Day, random: () => number): void {
  for (const number of ALL_DAY_EXTENSIONS) phones.answers(number, { afterMs: ringMs(random), ...conductOf(number) });
  for (const number of OUTSIDERS) trunk.answers(number, { afterMs: ringMs(random), ...conductOf(number) });
}

function ringMs(random: () => number): number {
  return Math.round(1000 + random() * 2000);
}

async function call(day: Day, { from, to }: PhoneCall): Promise<Leg> {
  return day.phones.call({ from, to, ...day.conductOf(from) });
}

async function callIn(day: Day, did: string, callerId: string): Promise<Leg> {
  return day.trunk.callsIn({ did, callerId, ...day.conductOf(callerId) });
}

/** Until one side hangs up: the caller after a while, or the PBX. */
async function talk(day: Day, leg: Leg): Promise<void> {
  try {
    await Promise.race([wait(between(day), day.signal), leg.ended]);
  } finally {
    await leg.hangUp();
  }
}

function between({ shortestMs, longestMs, random }: Day): number {
  return shortestMs + random() * (longestMs - shortestMs);
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {});
}

/** So many of them, by chance; undefined when fewer are free. */
function pick(
  from: readonly string[],
  count: number,
  free: (number: string) => boolean,
  random: () => number,
): readonly string[] | undefined {
  const left = from.filter(free);
  if (left.length < count) return undefined;
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)).flat();
}

function together(
  some: readonly string[] | undefined,
  others: readonly string[] | undefined,
): readonly string[] | undefined {
  return some === undefined || others === undefined ? undefined : [...some, ...others];
}
