import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SETTING_KEYS } from './settings-table.js';
import { readTree } from './settings-tree.js';

test('nested objects become values by key; an empty text is not given', () => {
  const { values, strangers } = readTree({
    stateDir: '/tmp',
    asterisk: { url: '', app: 'x' },
    streaming: { secret: { value: 's' }, subscriptions: { dids: ['1'] } },
  });
  expect(strangers).toEqual([]);
  expect([...values]).toEqual([
    ['stateDir', '/tmp'],
    ['asterisk.app', 'x'],
    ['streaming.secret.value', 's'],
    ['streaming.subscriptions.dids', ['1']],
  ]);
});

test('lists by name become pairs, whatever the names', () => {
  const { values, strangers } = readTree(
    JSON.parse('{"calls": {"extensionGroups": {"sales": ["1"], "a.b": 5, "__proto__": ["2"], "constructor": []}}}'),
  );
  expect(strangers).toEqual([]);
  expect(values.get('calls.extensionGroups')).toEqual([
    ['sales', ['1']],
    ['a.b', 5],
    ['__proto__', ['2']],
    ['constructor', []],
  ]);
});

describe('what is no setting is named, with what was probably meant', () => {
  test.each([
    [{ asterisk: { pasword: 'x' } }, 'asterisk.pasword', 'did you mean asterisk.password?'],
    [{ streaming: { subscription: { dids: [] } } }, 'streaming.subscription', 'did you mean streaming.subscriptions?'],
    [{ asterix: { url: 'x' } }, 'asterix', 'did you mean asterisk?'],
    [{ sampleRate: 8000 }, 'sampleRate', 'did you mean streaming.sampleRate?'],
    [{ 'asterisk.url': 'x' }, 'asterisk.url', 'write it as {"asterisk": {"url": …}}'],
    [{ advertise: 'x' }, 'advertise', 'did you mean media.advertise?'],
    [{ toString: 1 }, 'toString', undefined],
    [JSON.parse('{"__proto__": {"a": 1}}'), '__proto__', undefined],
    [{ constructor: { prototype: { a: 1 } } }, 'constructor', undefined],
    [{ asterisk: 5 }, 'asterisk', 'allowed: an object of settings'],
    [{ asterisk: null }, 'asterisk', 'allowed: an object of settings'],
    [{ stateDir: { a: 1 } }, 'stateDir', 'it takes a plain value'],
    [{ stateDir: null }, 'stateDir', 'leave it out instead'],
    [{ calls: { extensionGroups: ['1001'] } }, 'calls.extensionGroups', 'it takes an object of lists'],
    [{ calls: { extensionGroups: 'sales=1001' } }, 'calls.extensionGroups', 'it takes an object of lists'],
    [{ calls: { extensionGroups: null } }, 'calls.extensionGroups', 'leave it out instead'],
  ])('%j', (tree, key, advice) => {
    const { values, strangers } = readTree(tree);
    expect(values.size).toBe(0);
    expect(strangers.map((stranger) => [stranger.key, stranger.advice])).toEqual([[key, advice]]);
  });

  test('a key that is longer than any setting is cut', () => {
    expect(readTree({ ['x'.repeat(100_000)]: 1 }).strangers[0]?.key).toHaveLength(80);
  });
});

test('no tree puts anything but settings among the values, or changes any prototype', () => {
  const names = fc.constantFrom(
    'asterisk',
    'url',
    'streaming',
    'secret',
    'name',
    '__proto__',
    'constructor',
    'prototype',
    'a.b',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.dictionary(names, fc.oneof({ maxDepth: 4 }, fc.string(), fc.constant(null), tie('tree')), { maxKeys: 4 }),
  }));
  fc.assert(
    fc.property(tree, (object) => {
      const { values } = readTree(JSON.parse(JSON.stringify(object)));
      expect([...values.keys()].filter((key) => !SETTING_KEYS.includes(key))).toEqual([]);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
  );
});
