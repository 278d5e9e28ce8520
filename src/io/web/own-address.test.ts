import { describe, expect, test } from '@jest/globals';
import { hostCheck, isLoopback } from './own-address.js';

describe('on a loopback address', () => {
  const isOurs = hostCheck('127.0.0.1', []);

  test.each(['localhost', 'LocalHost.', '127.0.0.1:8090', '[::1]:8090', '192.0.2.1', '[2001:db8::1]'])(
    '%s is ours',
    (host) => {
      expect(isOurs(host)).toBe(true);
    },
  );

  test.each([
    '',
    'pbx',
    'pbx.example.com',
    '[::1',
    '::1',
    'localhost:x',
    'localhost:123456',
    'a b',
    'x@localhost',
    '..',
    '127.0.0.1.',
  ])('%j is not', (host) => {
    expect(isOurs(host)).toBe(host === '127.0.0.1.');
  });

  test('names that are given are', () => {
    const withNames = hostCheck('127.0.0.1', ['PBX.example.com', 'pbx']);
    expect(['pbx.example.com', 'pbx.EXAMPLE.com:443', 'pbx', 'other', 'localhost'].filter(withNames)).toEqual([
      'pbx.example.com',
      'pbx.EXAMPLE.com:443',
      'pbx',
      'localhost',
    ]);
  });
});

describe('on an address for others', () => {
  test('any name will do, if it is one', () => {
    const isOurs = hostCheck('0.0.0.0', []);
    expect(['pbx.example.com', 'evil.example', '192.0.2.1', 'a b', ''].filter(isOurs)).toEqual([
      'pbx.example.com',
      'evil.example',
      '192.0.2.1',
    ]);
  });

  test('only those will do that are given, and that it listens by', () => {
    const isOurs = hostCheck('pbx', ['pbx.example.com']);
    expect(['pbx.example.com', 'pbx', 'evil.example', '192.0.2.1'].filter(isOurs)).toEqual([
      'pbx.example.com',
      'pbx',
      '192.0.2.1',
    ]);
  });
});

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.0.2.1', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
