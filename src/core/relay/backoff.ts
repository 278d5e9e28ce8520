/** How long to wait before the next attempt to connect: doubling pauses with jitter, so that many calls do not knock at once. */

export const FIRST_PAUSE_MS = 250;
export const LONGEST_PAUSE_MS = 5000;

/**
 * The pause in milliseconds before attempt number `attempt` (1 for the first repeat).
 * `dice` is a random number from 0 to 1: the pause lies between half of its full length and the whole of it.
 */
export function retryPauseMs(attempt: number, dice: number): number {
  const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 16));
  return full * (0.5 + dice / 2);
}
