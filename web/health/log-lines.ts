/** The end of the log as it is kept and filtered on the page. */
import type { LogLine } from '../../src/io/web/contract/health.js';

export const LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type Level = (typeof LEVELS)[number];

const MOST_LINES = 1000;

/** Adds what came, each line once, and keeps the newest. */
export function withLines(lines: readonly LogLine[], more: readonly LogLine[]): readonly LogLine[] {
  const last = lines.at(-1)?.serial ?? -1;
  // After a restart of the program its serials begin anew.
  const isAnew = more.length > 0 && more.every(({ serial }) => serial <= last);
  const fresh = isAnew ? more : more.filter(({ serial }) => serial > last);
  return fresh.length === 0 ? lines : [...lines, ...fresh].slice(-MOST_LINES);
}

/** Those of this level or worse, in which each word of the search stands, newest first. */
export function shownLines(lines: readonly LogLine[], level: Level, search: string): LogLine[] {
  const words = search.toLowerCase().split(/\s+/);
  const worst = LEVELS.indexOf(level);
  return lines
    .filter((line) => {
      const text = `${line.message} ${fieldsOf(line)}`.toLowerCase();
      return LEVELS.indexOf(line.level) <= worst && words.every((word) => text.includes(word));
    })
    .reverse();
}

export function fieldsOf({ fields }: LogLine): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}
