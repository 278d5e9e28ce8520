/** A day of calls that does not end: several conversations at once, each followed by another one after a short rest. */
import { setTimeout as pause } from 'node:timers/promises';
import { ALL_DAY_CALLS, type AllDayCall, type Day } from './all-day-calls.js';

/** What went wrong in one call does not end the day; after it we rest a little longer. */
const REST_MS = 2000;
const REST_AFTER_FAILURE_MS = 5000;
/** The kinds of call come in this mixture: whole rounds, each in an order of its own. */
const ROUND = ['internal', 'inbound', 'menu', 'queue', 'outbound', 'internal', 'conference', 'inbound'];

/** Has `atOnce` conversations under way until the day's signal. Who begins with what is the same at each start. */
export async function talkAllDay(day: Day, atOnce: number, onSuccess: () => void): Promise<void> {
  const taken = new Set<string>();
  const kinds = kindsOfCalls(day.random);
  const line = async (): Promise<void> => {
    while (!day.signal.aborted) {
      const well = await converse(kinds.next().value, day, taken);
      if (well) onSuccess();
      await pause(well ? REST_MS : REST_AFTER_FAILURE_MS, undefined, { signal: day.signal }).catch(() => {});
    }
  };
  await Promise.all(Array.from({ length: atOnce }, line));
}

/** False when the call failed. One for which too few are free is left out. */
async function converse(call: AllDayCall, day: Day, taken: Set<string>): Promise<boolean> {
  const numbers = call.reserve((number) => !taken.has(number), day.random);
  if (numbers === undefined) return true;
  for (const number of numbers) taken.add(number);
  try {
    await call.run(day, numbers);
    return true;
  } catch (error) {
    if (!day.signal.aborted) day.say(`That call failed: ${error instanceof Error ? error.message : error}`);
    return false;
  } finally {
    for (const number of numbers) taken.delete(number);
  }
}

/** The first round as it stands above, so that each kind is soon seen; then rounds in any order. */
export function* kindsOfCalls(random: () => number): Generator<AllDayCall, never> {
  let round = ROUND;
  for (;;) {
    for (const name of round) {
      const call = ALL_DAY_CALLS.find((one) => one.name === name);
      if (call !== undefined) yield call;
    }
    round = shuffled(ROUND, random);
  }
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const left = [...items];
  return Array.from(items, () => left.splice(Math.floor(random() * left.length), 1)).flat();
}
