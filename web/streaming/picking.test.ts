/** Choosing in a list of the Subscription Object, and what a change does to running calls. */
import { expect, test } from '@jest/globals';
import { effectOf } from './change-effect.js';
import { found, summaryOf, withAll, withName } from './picked.js';

const CHOICES = [
  { name: '1001', words: 'PJSIP · online' },
  { name: '1002', words: 'PJSIP · offline' },
  { name: '2001', words: 'SIP · online' },
];

test('each word of the search has to be there', () => {
  expect(found(CHOICES, 'pjsip 10').map(({ name }) => name)).toEqual(['1001', '1002']);
  expect(found(CHOICES, ' ONLINE 2001').map(({ name }) => name)).toEqual(['2001']);
  expect(found(CHOICES, '')).toHaveLength(3);
});

test('names come and go, one or many, and never twice', () => {
  expect(withName(['1001'], '1002', true)).toEqual(['1001', '1002']);
  expect(withName(['1001', '1002'], '1001', false)).toEqual(['1002']);
  expect(withAll(['1001', '_2X'], ['1001', '1002'], true)).toEqual(['_2X', '1001', '1002']);
  expect(withAll(['1001', '_2X'], ['1001', '1002'], false)).toEqual(['_2X']);
});

test.each([
  [[], 'none chosen'],
  [['*', '1001'], 'all'],
  [['1001', '_2X'], '1 chosen and 1 pattern'],
  [['_1X', '_2X'], '2 patterns'],
])('%j is %s', (chosen, words) => expect(summaryOf(chosen)).toBe(words));

test('the line above Save says what holds when, and for whom', () => {
  expect(effectOf(['extensions', 'enableExtensions'], 3)).toEqual({
    words: 'At once, also for 3 running calls: Extensions.',
    canApplyToRunning: false,
  });
  expect(effectOf(['serverAddress', 'sampleRate'], 1)).toEqual({
    words: 'For calls that begin from now on: Server Address and Sample Rate.',
    canApplyToRunning: true,
  });
  expect(effectOf(['sampleRate'], 0).canApplyToRunning).toBe(false);
});
