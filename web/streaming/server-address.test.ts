/** The address in two parts, and back. */
import { expect, test } from '@jest/globals';
import { addressOf, isReadableOnTheWay, partsOf, typed } from './server-address.js';

test.each(['ws://127.0.0.1:8091', 'wss://example.com/audio?x=1', ''])('%j comes back', (address) => {
  expect(addressOf(partsOf(address))).toBe(address);
});

test('a new address starts encrypted', () => expect(partsOf('').scheme).toBe('wss://'));

test('a pasted address brings its scheme', () => {
  expect(typed('ws://example.com', 'wss://')).toEqual({ scheme: 'ws://', rest: 'example.com' });
  expect(typed('https://example.com/a', 'ws://')).toEqual({ scheme: 'wss://', rest: 'example.com/a' });
  expect(typed('example.com', 'ws://')).toEqual({ scheme: 'ws://', rest: 'example.com' });
});

test.each([
  ['ws://example.com', true],
  ['ws://192.0.2.7:8091/x', true],
  ['ws://127.0.0.1.example.com', true],
  ['ws://127.0.0.1:8091', false],
  ['ws://localhost/a', false],
  ['ws://[::1]:80', false],
  ['wss://example.com', false],
])('%s can be read on the way: %s', (address, expected) => {
  expect(isReadableOnTheWay(partsOf(address))).toBe(expected);
});
