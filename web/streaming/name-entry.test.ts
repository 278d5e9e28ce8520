/** Patterns are explained in words, and slips are named. */
import { expect, test } from '@jest/globals';
import { entriesIn, entryProblem, kindOf, meaningOf } from './name-entry.js';

test.each([
  ['_10XX', 'Matches 10, then 2 digits.'],
  ['_1xZN', 'Matches 1, then a digit, then a digit from 1 to 9, then a digit from 2 to 9.'],
  ['_NNN', 'Matches 3 digits from 2 to 9.'],
  ['_20[13-5]X', 'Matches 20, then one of 1, 3 to 5, then a digit.'],
  ['_+49.', 'Matches +49, then one character or more.'],
  ['*', 'All of them, also those that are added later.'],
])('%s: %s', (pattern, words) => expect(meaningOf(pattern)).toBe(words));

test('a name needs no words, nor does half a pattern', () => {
  expect(meaningOf('1001')).toBeUndefined();
  expect(meaningOf('_[')).toBeUndefined();
});

test.each(['', '_', '_1[2', '_1]2', '_[]', 'two words', 'a'.repeat(256)])('%j has a problem', (entry) => {
  expect(entryProblem(entry)).toBeDefined();
});

test.each(['1001', '_10XX', '*', '_[1-3]X.', 'provider-a', '+49 30'.replace(' ', '')])('%j has none', (entry) => {
  expect(entryProblem(entry)).toBeUndefined();
});

test('kinds', () => expect(['*', '_1X', '1001'].map(kindOf)).toEqual(['all', 'pattern', 'name']));

test('a pasted column becomes its names, each once', () => {
  expect(entriesIn(' 1001\n1002; 1003,1001 ')).toEqual(['1001', '1002', '1003']);
});
