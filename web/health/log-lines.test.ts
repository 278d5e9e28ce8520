/** The log on the page: added once, kept short, filtered. */
import { expect, test } from '@jest/globals';
import type { LogLine } from '../../src/io/web/contract/health.js';
import { fieldsOf, shownLines, withLines } from './log-lines.js';

const line = (serial: number, level: LogLine['level'], message: string, fields = {}): LogLine => ({
  serial,
  at: '2026-01-01T00:00:00.000Z',
  level,
  message,
  fields,
});

test('a line that comes twice is there once', () => {
  const lines = withLines([line(1, 'info', 'a')], [line(1, 'info', 'a'), line(2, 'info', 'b')]);
  expect(lines.map(({ serial }) => serial)).toEqual([1, 2]);
});

test('after a restart the serials begin anew, and their lines are taken', () => {
  expect(withLines([line(90, 'info', 'old')], [line(1, 'info', 'new')]).map(({ message }) => message)).toEqual([
    'old',
    'new',
  ]);
});

test('only the newest thousand are kept', () => {
  const many = Array.from({ length: 1500 }, (_, serial) => line(serial, 'info', 'x'));
  expect(withLines([], many)).toHaveLength(1000);
});

test('level and search', () => {
  const lines = [line(1, 'error', 'refused', { on: 'ws' }), line(2, 'info', 'call begins'), line(3, 'debug', 'tap')];
  expect(shownLines(lines, 'info', '').map(({ serial }) => serial)).toEqual([2, 1]);
  expect(shownLines(lines, 'debug', 'ON=ws refused').map(({ serial }) => serial)).toEqual([1]);
});

test('fields in a line', () => expect(fieldsOf(line(1, 'info', 'x', { a: 'b', n: 3 }))).toBe('a=b n=3'));
