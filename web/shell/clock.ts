/** The time, once a second, for what grows older on the page. */
import { signal } from '@preact/signals';

const PERIOD_MS = 1000;

export const now = signal(Date.now());

export function startClock(): void {
  setInterval(() => {
    if (!document.hidden) now.value = Date.now();
  }, PERIOD_MS);
}
