import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SAVED_KEYS, type SavedValues } from '../../core/settings/saved-values.js';
import { KEPT_VERSIONS, type SavedVersions, withVersion } from '../../core/settings/saved-versions.js';
import { readSavedSettings, savedSettingsPath, writeSavedSettings } from './saved-settings.js';

let folder: string;
let stateDir: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'saved-settings-test-'));
  stateDir = join(folder, 'state', 'deeper');
});
afterEach(() => rmSync(folder, { recursive: true }));

const BY = { at: '2026-11-22T12:00:00.000Z', by: 'anna' };
const ONE = withVersion([], { 'streaming.secret.value': 'hunter2', 'streaming.sampleRate': 16000 }, BY);

test('nothing was saved yet', () => {
  expect(readSavedSettings(stateDir)).toEqual({ versions: [] });
});

test('only the owner may read the folder and the file, also where a crash has left one that others may read', async () => {
  await writeSavedSettings(stateDir, ONE);
  expect(statSync(stateDir).mode & 0o777).toBe(0o700);
  expect(statSync(savedSettingsPath(stateDir)).mode & 0o777).toBe(0o600);

  const unfinished = `${savedSettingsPath(stateDir)}.unfinished`;
  writeFileSync(unfinished, '{"format": 1, "versi', { mode: 0o644 });
  expect(readSavedSettings(stateDir)).toEqual({ versions: ONE });
  const two = withVersion(ONE, { 'streaming.sampleRate': 8000 }, BY);
  await writeSavedSettings(stateDir, two);
  expect(readdirSync(stateDir)).toEqual(['settings.json']);
  expect(statSync(savedSettingsPath(stateDir)).mode & 0o777).toBe(0o600);
  expect(readSavedSettings(stateDir)).toEqual({ versions: two });
});

test('what is read is what was written', async () => {
  const value = fc.oneof(fc.boolean(), fc.integer(), fc.string(), fc.array(fc.string()), fc.constant(null));
  const values: fc.Arbitrary<SavedValues> = fc.dictionary(fc.constantFrom(...SAVED_KEYS), value);
  await fc.assert(
    fc.asyncProperty(fc.array(values, { maxLength: KEPT_VERSIONS + 2 }), async (all) => {
      const versions = all.reduce<SavedVersions>((before, one) => withVersion(before, one, BY), []);
      await writeSavedSettings(stateDir, versions);
      expect(readSavedSettings(stateDir)).toEqual({ versions: JSON.parse(JSON.stringify(versions)) });
    }),
    { numRuns: 30 },
  );
});

test('a failure to write leaves what was there', async () => {
  await writeSavedSettings(stateDir, ONE);
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  await expect(writeSavedSettings(stateDir, cyclic as unknown as SavedVersions)).rejects.toThrow('circular');
  expect(readSavedSettings(stateDir)).toEqual({ versions: ONE });
});

describe('a file that is no good is a problem that names it and says what to do', () => {
  const written = { format: 1, versions: JSON.parse(JSON.stringify(ONE)) };
  const [version] = written.versions;
  test.each([
    ['{"format": 1, "versions": [{"values": {"streaming.secret.value": "hunter2', 'are not JSON from line 1'],
    ['', 'are not JSON from line 1, column 1'],
    ['null', 'did not write like this'],
    [JSON.stringify({ format: 2, versions: [] }), 'at format'],
    [JSON.stringify({ ...written, more: 1 }), 'did not write like this'],
    [JSON.stringify({ format: 1, versions: [version, version] }), 'at versions'],
    [
      JSON.stringify({ format: 1, versions: [{ ...version, values: { 'asterisk.password': 'hunter2' } }] }),
      'at versions.0.values',
    ],
    [JSON.stringify({ format: 1, versions: [{ ...version, savedAt: 'yesterday' }] }), 'at versions.0.savedAt'],
  ])('%s', async (content, wrong) => {
    await writeSavedSettings(stateDir, []);
    writeFileSync(savedSettingsPath(stateDir), content);
    const read = readSavedSettings(stateDir);
    expect(read).toMatchObject({
      problem: {
        key: 'stateDir',
        wrong: expect.stringContaining(wrong),
        allowed: expect.stringContaining('move the file away'),
      },
    });
    expect(JSON.stringify(read)).toContain(savedSettingsPath(stateDir));
    expect(JSON.stringify(read)).not.toContain('hunter2');
    expect(readFileSync(savedSettingsPath(stateDir), 'utf8')).toBe(content);
  });

  test('a folder in its place', async () => {
    await writeSavedSettings(join(stateDir, 'settings.json'), []);
    expect(readSavedSettings(stateDir)).toMatchObject({
      problem: { wrong: expect.stringContaining('it is a folder') },
    });
  });
});

test('a hostile key is no value, and pollutes no prototype', async () => {
  await writeSavedSettings(stateDir, []);
  const values = '{"__proto__": {"polluted": 1, "streaming.enable": false}}';
  const version = `{"revision": 1, "savedAt": "2026-11-22T12:00:00Z", "savedBy": "a", "changed": [], "values": ${values}}`;
  writeFileSync(savedSettingsPath(stateDir), `{"format": 1, "versions": [${version}]}`);
  expect(readSavedSettings(stateDir)).toMatchObject({ versions: [{ values: {} }] });
  expect(Object.prototype).not.toHaveProperty('polluted');
});

test('no text makes the reading throw', async () => {
  await writeSavedSettings(stateDir, []);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (content) => {
      writeFileSync(savedSettingsPath(stateDir), content);
      expect(Object.keys(readSavedSettings(stateDir))).toHaveLength(1);
    }),
  );
});
