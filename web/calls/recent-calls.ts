/** The calls that were, as the list shows them: what is searched for, and how many are asked of the program. */
import { signal } from '@preact/signals';
import { listRecentCalls } from '../api/calls.js';
import { loadable } from '../parts/loaded.js';

export const PAGE = 50;
export const search = signal('');
export const limit = signal(PAGE);
export const recent = loadable(() => listRecentCalls(search.value.trim(), limit.value));

const TYPING_PAUSE_MS = 250;
/** Many calls may end at once; the list is asked for once then. */
const GATHER_MS = 1_000;

let timer: number | undefined;

export function searchFor(text: string): void {
  search.value = text;
  limit.value = PAGE;
  later(TYPING_PAUSE_MS);
}

export function showMore(): Promise<void> {
  limit.value = Math.min(limit.value * 2, 1000);
  return recent.load();
}

/** A call has ended: the list shows it by itself, if it was ever looked at. */
export function takeCallOver(): void {
  if (recent.value.value !== undefined) later(GATHER_MS);
}

function later(pauseMs: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void recent.load(), pauseMs);
}
