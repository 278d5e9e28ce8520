/** One line of the log, for people or as JSON. Whatever the fields hold, it is one line, and no secret is in it. */
import type { LogFields } from '../core/log.js';
import { visibleText } from '../core/visible-text.js';

export interface LogLine {
  readonly time: Date;
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

const MASK = '***';
/** Fields of these names are masked whatever they hold. */
const SECRET_NAME = /passw|secret|token|authori[sz]ation|credential|api-?key|cookie/i;
/** The names that each JSON line has already. */
const RESERVED: ReadonlySet<string> = new Set(['time', 'level', 'message']);
/** Deeper values are cut: a log line is no place for a whole object, and a circle has no end. */
const MAX_DEPTH = 6;
/** A name that a caller has chosen, or an answer from elsewhere, must not fill the disk. A stack of ten frames fits. */
const MAX_TEXT_CHARACTERS = 4000;

/** `2026-03-14T15:09:26.535+01:00 info  call started callid=1755940023.7 number="+49 30 1"`. */
export function textLine({ time, level, message, fields }: LogLine): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) => {
    const shown = shownValue(name, value, 0);
    return shown === undefined ? [] : ` ${visibleText(name)}=${asText(shown)}`;
  });
  return `${localTime(time)} ${level.padEnd('error'.length)} ${visibleText(cut(message))}${pairs.join('')}`;
}

/** One JSON object: `time` (UTC), `level`, `message`, then the fields. */
export function jsonLine({ time, level, message, fields }: LogLine): string {
  const line: Record<string, unknown> = { time: time.toISOString(), level, message: cut(message) };
  for (const [name, value] of Object.entries(fields)) {
    line[RESERVED.has(name) ? `${name}_` : name] = shownValue(name, value, 0);
  }
  return visibleText(JSON.stringify(line));
}

/** ISO 8601 in the machine's own time zone, with its offset. */
function localTime(time: Date): string {
  const offsetMinutes = -time.getTimezoneOffset();
  const local = new Date(time.getTime() + offsetMinutes * 60_000).toISOString().slice(0, -1);
  const twoDigits = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const distance = Math.abs(offsetMinutes);
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${twoDigits(distance / 60)}:${twoDigits(distance % 60)}`;
}

function asText(value: unknown): string {
  if (typeof value === 'string' && /^[\w.:/@+*-]+$/.test(value)) return value;
  return visibleText(JSON.stringify(value));
}

/** A value that JSON can hold, without secrets; nothing for what is not to be shown. */
function shownValue(name: string, value: unknown, depth: number): unknown {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (SECRET_NAME.test(name)) return MASK;
  if (typeof value !== 'object' || value === null) return shownScalar(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Error) return cut(describeError(value, depth));
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (depth >= MAX_DEPTH) return '…';
  if (value instanceof Map)
    return shownEntries(
      [...value].map(([key, item]) => [String(key), item]),
      depth,
    );
  if (value instanceof Set) return shownList([...value], depth);
  return Array.isArray(value) ? shownList(value, depth) : shownEntries(Object.entries(value), depth);
}

function shownScalar(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'string' ? cut(value) : value;
}

function cut(text: string): string {
  const more = text.length - MAX_TEXT_CHARACTERS;
  return more <= 0 ? text : `${text.slice(0, MAX_TEXT_CHARACTERS)}… and ${more} characters more`;
}

function shownList(items: readonly unknown[], depth: number): unknown[] {
  return items.map((item) => shownValue('', item, depth + 1) ?? null);
}

function shownEntries(entries: readonly [string, unknown][], depth: number): Record<string, unknown> {
  return Object.fromEntries(entries.map(([name, value]) => [name, shownValue(name, value, depth + 1)]));
}

/** `CODE: what happened, because of what lies under it`; the stack is for the debug level, and a field of its own. */
function describeError(error: Error, depth: number): string {
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : '';
  const cause =
    error.cause instanceof Error && depth < MAX_DEPTH ? `, because: ${describeError(error.cause, depth + 1)}` : '';
  return `${code}${error.message || error.name}${cause}`;
}
