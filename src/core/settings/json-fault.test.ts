import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findJsonFault } from './json-fault.js';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('the place of the first fault', () => {
  test.each([
    ['', 1, 1],
    ['{"a": hunter2}', 1, 7],
    ['{\n  "a": 1,\n}', 3, 1],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ["{'a': 1}", 1, 2],
    ['{"a": 1} x', 1, 10],
    ['[1, 2', 1, 6],
    ['{"a": "b\n"}', 1, 9],
    ['{"a" 1}', 1, 6],
    ['{"a": 01}', 1, 8],
    ['{"a": "\\x"}', 1, 8],
    ['// comment\n{}', 1, 1],
  ])('%j: line %i, column %i', (text, line, column) => {
    expect(findJsonFault(text)).toEqual({ line, column });
  });
});

test('finds a fault exactly where JSON.parse does not accept the text', () => {
  const edit = fc.record({
    at: fc.nat(),
    drop: fc.nat(2),
    add: fc.constantFrom('', '"', ',', '}', ']', '\\', '0', ' ', 'e'),
  });
  fc.assert(
    fc.property(fc.json(), edit, (json, { at, drop, add }) => {
      const place = at % (json.length + 1);
      const text = json.slice(0, place) + add + json.slice(place + drop);
      expect({ text, isJson: findJsonFault(text) === undefined }).toEqual({ text, isJson: isJson(text) });
    }),
    { numRuns: 3_000 },
  );
});

test('no depth is too deep', () => {
  expect(findJsonFault('['.repeat(200_000))).toEqual({ line: 1, column: 200_001 });
});
