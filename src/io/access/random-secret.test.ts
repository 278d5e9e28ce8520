import { expect, test } from '@jest/globals';
import { hashOf, isSameSecret, newId, newSecret, newSetupCode, newToken } from './random-secret.js';

test('secrets are long, and never the same', () => {
  const makers: readonly [() => string, RegExp][] = [
    [newSecret, /^[\w-]{43}$/],
    [newToken, /^aas_[\w-]{43}$/],
    [newId, /^[0-9a-f]{12}$/],
    [newSetupCode, /^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/],
  ];
  for (const [make, form] of makers) {
    const made = Array.from({ length: 200 }, make);
    expect(new Set(made).size).toBe(200);
    for (const one of made) expect(one).toMatch(form);
  }
});

test('two are the same or not, however long they are', () => {
  expect(isSameSecret('abc', 'abc')).toBe(true);
  expect(isSameSecret('abc', 'abd')).toBe(false);
  expect(isSameSecret('', 'abc')).toBe(false);
  expect(isSameSecret('', '')).toBe(true);
});

test('the hash is that of SHA-256', () => {
  expect(hashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
