import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadedWith, settingsWith } from '../../../test/settings-with.js';
import { changeInWords } from './change-words.js';
import { differingKeys, SAVED_KEYS, type SavedValues, savedLayer } from './saved-values.js';
import { KEPT_VERSIONS, revisionOf, type SavedVersions, savedValues, withVersion } from './saved-versions.js';
import type { SettingValues } from './settings.js';
import { SETTING_KEYS, settingAt } from './settings-table.js';
import { changesIn, effectOf, fieldOf, fingerprintOf, formOf, type SentForm, valuesInForce } from './streaming-form.js';

const DEFAULTS = loadedWith().forPage.values;
const names = fc.array(fc.string(), { maxLength: 5 });
const forms: fc.Arbitrary<SentForm> = fc.record(
  {
    enable: fc.boolean(),
    serverAddress: fc.string(),
    sampleRate: fc.constantFrom(8000, 16000, 24000, 48000),
    bufferSeconds: fc.integer({ min: 1, max: 300 }),
    earlyMedia: fc.boolean(),
    secretName: fc.string(),
    secretValue: fc.option(fc.string()),
    subscriptions: fc.record({
      enableExtensions: fc.boolean(),
      extensions: names,
      enableExtensionGroups: fc.boolean(),
      extensionGroups: names,
      enableTrunks: fc.boolean(),
      trunks: names,
      enableDids: fc.boolean(),
      dids: names,
    }),
  },
  {
    requiredKeys: [
      'enable',
      'serverAddress',
      'sampleRate',
      'bufferSeconds',
      'earlyMedia',
      'secretName',
      'subscriptions',
    ],
  },
);

/** The values as they would hold with these saved over them. */
function over(values: SettingValues, saved: SavedValues): SettingValues {
  const given = Object.fromEntries(Object.entries(saved).map(([key, value]) => [key, value ?? undefined]));
  return { ...values, ...given } as SettingValues;
}

test('what is read back after saving is what was sent, and sending it again changes nothing', () => {
  fc.assert(
    fc.property(forms, forms, (first, second) => {
      let values = DEFAULTS;
      let saved: SavedValues = {};
      for (const form of [first, second]) {
        const changes = changesIn(form, values);
        saved = { ...saved, ...changes };
        values = over(DEFAULTS, saved);
        const { secretValue, ...fields } = form;
        const { secretIsSet, ...shown } = formOf(values);
        expect(shown).toEqual(fields);
        if (secretValue !== undefined) expect(secretIsSet).toBe(secretValue !== null);
        expect(changesIn({ ...form, secretValue: undefined }, values)).toEqual({});
      }
    }),
  );
});

test('only what was changed is saved: all else goes on coming from where it came', () => {
  const { secretIsSet: _, ...shown } = formOf(over(DEFAULTS, { 'streaming.serverAddress': 'ws://a' }));
  const changes = changesIn(
    { ...shown, sampleRate: 16000, serverAddress: '', subscriptions: { ...shown.subscriptions, trunks: ['*'] } },
    over(DEFAULTS, { 'streaming.serverAddress': 'ws://a' }),
  );
  expect(changes).toEqual({
    'streaming.serverAddress': null,
    'streaming.sampleRate': 16000,
    'streaming.subscriptions.trunks': ['*'],
  });
});

test('the secret: absent keeps it, null removes it, a text replaces it', () => {
  const values = over(DEFAULTS, { 'streaming.secret.value': 'hunter2' });
  const { secretIsSet, ...shown } = formOf(values);
  expect(secretIsSet).toBe(true);
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  expect(changesIn(shown, values)).toEqual({});
  expect(changesIn({ ...shown, secretValue: null }, values)).toEqual({ 'streaming.secret.value': null });
  expect(changesIn({ ...shown, secretValue: 'new' }, values)).toEqual({ 'streaming.secret.value': 'new' });
  expect(changesIn({ ...shown, secretValue: 'hunter2' }, values)).toEqual({});
});

test('every setting under streaming can be saved, but for files, and for the switch that makes TLS worthless', () => {
  const expected = SETTING_KEYS.filter((key) => key.startsWith('streaming.') && settingAt(key).kind !== 'path');
  expect(expected.splice(expected.indexOf('streaming.insecure'), 1)).toEqual(['streaming.insecure']);
  expect(SAVED_KEYS.toSorted()).toEqual(expected.toSorted());
});

test('other values have another fingerprint; that of the secret is not in it', () => {
  const of = (changes: SavedValues) => fingerprintOf(formOf(over(DEFAULTS, changes)));
  expect(of({ 'streaming.bufferSeconds': 31 })).not.toBe(of({}));
  expect(of({ 'streaming.subscriptions.dids': ['1'] })).not.toBe(of({ 'streaming.subscriptions.trunks': ['1'] }));
  expect(of({ 'streaming.secret.value': 'a' })).toBe(of({ 'streaming.secret.value': 'b' }));
  expect(of({})).toMatch(/^[0-9a-f]{1,8}$/);
});

test('fields and effects', () => {
  expect(fieldOf('streaming.secret.value')).toBe('streaming.secretValue');
  expect(fieldOf('streaming.secret.name')).toBe('streaming.secretName');
  expect(fieldOf('streaming.subscriptions.dids')).toBe('streaming.subscriptions.dids');
  expect(effectOf('streaming.sampleRate')).toBe('new-calls');
  expect(effectOf('streaming.subscriptions.dids')).toBe('at-once');
});

test('versions: counted from 1, the last ten are kept, each with what it changed', () => {
  let versions: SavedVersions = [];
  expect(revisionOf(versions)).toBe(0);
  for (let count = 1; count <= 25; count += 1) {
    const values = { ...savedValues(versions), 'streaming.bufferSeconds': count };
    versions = withVersion(versions, values, { at: '2026-11-22T12:00:00.000Z', by: 'anna' });
    expect(revisionOf(versions)).toBe(count);
    expect(versions).toHaveLength(Math.min(count, KEPT_VERSIONS));
    expect(versions.at(-1)).toMatchObject({ changed: ['streaming.bufferSeconds'], values, savedBy: 'anna' });
  }
});

test('a saved secret takes the place of a file below it, and gives way to a file above it', () => {
  const saved = { 'streaming.secret.value': 'x', 'streaming.sampleRate': 8000 };
  expect([...savedLayer(saved, () => false)]).toEqual([
    ['streaming.secret.value', 'x'],
    ['streaming.sampleRate', 8000],
    ['streaming.secret.valueFile', null],
  ]);
  const above = savedLayer(saved, (key) => key === 'streaming.secret.valueFile');
  expect([...above.keys()]).toEqual(['streaming.sampleRate']);
});

test('a change in words has old and new values, and no secret', () => {
  const before = valuesInForce(
    over(DEFAULTS, { 'streaming.secret.value': 'hunter2', 'streaming.serverAddress': 'ws://a' }),
  );
  const after: SavedValues = {
    ...before,
    'streaming.secret.value': 'hunter3',
    'streaming.serverAddress': 'wss://b/?key=hunter4',
    'streaming.sampleRate': 16000,
    'streaming.subscriptions.extensions': ['1001', '_20XX'],
  };
  const words = changeInWords(differingKeys(before, after), before, after);
  expect(words).toBe(
    'streaming.serverAddress: ws://a → wss://b/?…; streaming.secret.value: (set) → another; streaming.sampleRate: 8000 → 16000; ' +
      'streaming.subscriptions.extensions: +1001 +_20XX',
  );
  const removed = { ...after, 'streaming.secret.value': null };
  expect(changeInWords(['streaming.secret.value'], after, removed)).toBe('streaming.secret.value: (set) → none');
});

test('a change in words never holds a secret, and never throws', () => {
  fc.assert(
    fc.property(forms, forms, (one, other) => {
      const [before, after] = [one, other].map(
        (form) =>
          ({
            ...valuesInForce(DEFAULTS),
            ...changesIn(form, DEFAULTS),
            'streaming.secret.value': 'hunter2hunter2',
          }) as SavedValues,
      );
      const words = changeInWords(differingKeys(before ?? {}, after ?? {}), before ?? {}, after ?? {});
      expect(words).not.toContain('hunter2hunter2');
      expect(changeInWords(SAVED_KEYS, before ?? {}, after ?? {})).not.toContain('hunter2hunter2');
    }),
  );
});

test('the settings of a form are those of the program', () => {
  expect(formOf(DEFAULTS).subscriptions).toEqual(settingsWith().streaming.subscriptions);
});
