/** Waits for a fact instead of for luck. */
import { setTimeout as pause } from 'node:timers/promises';

const PERIOD_MS = 25;

/**
 * Asks until the answer is something else than undefined or false, and gives that answer.
 * After `limitMs` it throws, naming the fact that did not come about.
 */
export async function until<T>(
  fact: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() >= deadline) throw new Error(`Not within ${limitMs} ms: ${fact}`);
    await pause(PERIOD_MS);
  }
}
