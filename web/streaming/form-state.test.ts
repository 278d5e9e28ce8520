/** The values of the form: sent as the API wants them, compared, and joined with what somebody else saved. */
import { describe, expect, test } from '@jest/globals';
import type { SavedSettings } from '../../src/io/web/contract/settings.js';
import { problemsIn } from './form-problems.js';
import { differences, FIELD_NAMES, fieldAt, formOf, joined, pathOf, valuesOf } from './form-state.js';

const SAVED: SavedSettings = {
  revision: 4,
  savedAt: null,
  savedBy: null,
  isUnverified: false,
  locked: {},
  streaming: {
    enable: true,
    serverAddress: 'wss://example.com/audio',
    secretName: 'Secret',
    secretIsSet: true,
    sampleRate: 16_000,
    bufferSeconds: 30,
    earlyMedia: false,
    subscriptions: {
      enableExtensions: true,
      extensions: ['1001', '_20XX'],
      enableExtensionGroups: true,
      extensionGroups: [],
      enableTrunks: false,
      trunks: ['provider'],
      enableDids: true,
      dids: [],
    },
  },
};
const BASE = valuesOf(SAVED);

test('what was read is sent back as it was, and the secret is left alone', () => {
  const { secretIsSet: _, ...streaming } = SAVED.streaming;
  expect(formOf(BASE)).toEqual(streaming);
  expect(formOf(BASE)).not.toHaveProperty('secretValue');
});

test('a secret is replaced by a text and removed by null', () => {
  expect(formOf({ ...BASE, secretValue: 's3' }).secretValue).toBe('s3');
  expect(formOf({ ...BASE, secretValue: null }).secretValue).toBeNull();
});

describe('differences', () => {
  test('there are none in an untouched form', () => expect(differences(BASE, valuesOf(SAVED))).toEqual([]));
  test('the order of names is none', () => {
    expect(differences(BASE, { ...BASE, extensions: ['_20XX', '1001'] })).toEqual([]);
  });
  test('a name more, a removed secret and a switch are', () => {
    const mine = { ...BASE, extensions: ['1001', '1002', '_20XX'], secretValue: null, enable: false };
    expect(differences(BASE, mine)).toEqual(['enable', 'secretValue', 'extensions']);
  });
});

test('joining keeps what I changed and takes all else from them', () => {
  const mine = { ...BASE, serverAddress: 'wss://mine.example.com' };
  const theirs = { ...BASE, serverAddress: 'wss://theirs.example.com', sampleRate: 8000 as const };
  expect(joined(BASE, mine, theirs)).toEqual({ ...BASE, serverAddress: 'wss://mine.example.com', sampleRate: 8000 });
});

test('problems of the API find their fields', () => {
  expect(fieldAt('streaming.subscriptions.extensions.3')).toBe('extensions');
  expect(fieldAt('streaming.secretValue')).toBe('secretValue');
  expect(fieldAt('revision')).toBeUndefined();
  expect(FIELD_NAMES.map((name) => fieldAt(pathOf(name)))).toEqual(FIELD_NAMES);
});

describe('problems before sending', () => {
  test('an untouched form has none', () => expect(problemsIn(BASE, true)).toEqual({}));
  test.each([
    ['serverAddress', { serverAddress: '' }],
    ['serverAddress', { serverAddress: 'wss://exa mple.com' }],
    ['serverAddress', { serverAddress: 'wss://http://example.com' }],
    ['serverAddress', { serverAddress: 'wss://[1' }],
    ['secretName', { secretName: '' }],
    ['secretName', { secretName: 'two words' }],
    ['secretValue', { secretValue: '' }],
    ['bufferSeconds', { bufferSeconds: '' }],
    ['bufferSeconds', { bufferSeconds: '0' }],
    ['bufferSeconds', { bufferSeconds: '301' }],
    ['bufferSeconds', { bufferSeconds: '1.5' }],
    ['extensions', { extensions: ['_10[X'] }],
  ] as const)('%s is named for %j', (field, change) => {
    expect(Object.keys(problemsIn({ ...BASE, ...change }, true))).toEqual([field]);
  });
  test('no address is none while streaming is off', () => {
    expect(problemsIn({ ...BASE, enable: false, serverAddress: '' }, true)).toEqual({});
  });
});
