/** What was saved on the page among the other places of settings. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { describeProblems } from '../../core/settings/problem.js';
import type { SavedValues } from '../../core/settings/saved-values.js';
import { withVersion } from '../../core/settings/saved-versions.js';
import type { SettingKey } from '../../core/settings/settings-table.js';
import { type GoodSettings, type LoadedSettings, loadSettings } from './load-settings.js';
import { savedSettingsPath, writeSavedSettings } from './saved-settings.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'page-layer-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Given {
  readonly file?: object;
  readonly saved?: SavedValues;
  readonly environment?: Record<string, string>;
  readonly flags?: Partial<Record<SettingKey, string>>;
}

async function load({ file = {}, saved, environment = {}, flags = {} }: Given): Promise<LoadedSettings> {
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify({ asterisk: { password: 'pw' }, stateDir: 'state', ...file }));
  if (saved !== undefined) {
    const versions = withVersion([], saved, { at: '2026-11-22T12:00:00.000Z', by: 'anna' });
    await writeSavedSettings(join(folder, 'state'), versions);
  }
  return loadSettings({ file: path, environment, flags: new Map(Object.entries(flags) as [SettingKey, string][]) });
}

async function good(given: Given): Promise<GoodSettings> {
  const loaded = await load(given);
  if ('problems' in loaded) throw new Error(describeProblems(loaded.problems));
  return loaded;
}

const FILE = { streaming: { serverAddress: 'ws://file', sampleRate: 8000, bufferSeconds: 1, earlyMedia: true } };
const SAVED = { 'streaming.sampleRate': 16000, 'streaming.bufferSeconds': 2, 'streaming.earlyMedia': false } as const;

test('it lies over the file, and under the environment and flags', async () => {
  const { settings, forPage } = await good({
    file: FILE,
    saved: SAVED,
    environment: { ARI_AUDIO_STREAM_STREAMING_BUFFER_SECONDS: '3' },
    flags: { 'streaming.earlyMedia': 'yes' },
  });
  expect(settings.streaming).toMatchObject({
    serverAddress: 'ws://file',
    sampleRate: 16000,
    bufferSeconds: 3,
    earlyMedia: true,
  });
  expect([...forPage.locked]).toEqual([
    ['streaming.bufferSeconds', 'environment ARI_AUDIO_STREAM_STREAMING_BUFFER_SECONDS'],
    ['streaming.earlyMedia', 'flag --streaming-early-media'],
  ]);
  expect(forPage.overridden).toEqual(['streaming.sampleRate']);
  expect(forPage.values['streaming.sampleRate']).toBe(16000);
});

test('the folder may come from anywhere, also from the surroundings', async () => {
  await good({ saved: SAVED });
  const elsewhere = join(folder, 'elsewhere');
  await writeSavedSettings(
    elsewhere,
    withVersion([], { 'streaming.sampleRate': 48000 }, { at: '2026-11-22T12:00:00Z', by: 'b' }),
  );
  const rateOf = async (given: Given) => (await good({ file: FILE, ...given })).settings.streaming.sampleRate;
  expect(await rateOf({ flags: { stateDir: elsewhere } })).toBe(48000);
  expect(await rateOf({ environment: { ARI_AUDIO_STREAM_STATE_DIR: elsewhere } })).toBe(48000);
  const bare = loadSettings({
    file: undefined,
    environment: { STATE_DIRECTORY: elsewhere, ARI_AUDIO_STREAM_ASTERISK_PASSWORD: 'pw' },
    flags: new Map(),
  });
  expect(bare).toMatchObject({ settings: { stateDir: elsewhere, streaming: { sampleRate: 48000 } } });
});

test('nothing in the place of something: null takes away what the file has', async () => {
  writeFileSync(join(folder, 'secret'), 'hunter2');
  const streaming = { enable: false, serverAddress: 'ws://file', secret: { name: 'A', valueFile: 'secret' } };
  const saved = { 'streaming.serverAddress': null, 'streaming.secret.value': null };
  const { settings } = await good({ file: { streaming }, saved });
  expect(settings.streaming).toMatchObject({ serverAddress: undefined, secret: undefined });
});

test('a folder for state that is no path is one problem, not two', async () => {
  const loaded = await load({ file: { stateDir: 5 } });
  expect(loaded).toMatchObject({ problems: [{ key: 'stateDir', wrong: 'is a number, not text' }] });
});

test('a damaged file is never passed over, and is the only problem told', async () => {
  await good({ file: FILE, saved: SAVED });
  const path = savedSettingsPath(join(folder, 'state'));
  writeFileSync(path, '{"format": 1, "versions": [{"val');
  const loaded = await load({});
  if (!('problems' in loaded)) throw new Error('It was passed over.');
  expect(describeProblems(loaded.problems)).toBe(
    `1 problem\n  stateDir: holds saved settings that are not JSON from line 1, column 33 on: ${path}; put back a good copy, or move the file away: then nothing that was saved on the page holds`,
  );
});

test('a value that somebody wrote into the file by hand is checked as any other, and its place is named', async () => {
  const loaded = await load({ file: FILE, saved: { 'streaming.sampleRate': 11025 } });
  expect(loaded).toMatchObject({
    problems: [
      { key: 'streaming.sampleRate', origin: `saved on the page, ${savedSettingsPath(join(folder, 'state'))}` },
    ],
  });
});

describe('what the page is for need not be there before the page is', () => {
  test('no server address: a warning with the page, a problem without', async () => {
    const withPage = await good({});
    expect(withPage.warnings.map(({ key }) => key)).toEqual(['streaming.serverAddress']);
    expect(withPage.settings.streaming).toMatchObject({ enable: true, serverAddress: undefined });
    expect(await load({ file: { web: { listen: 'off' } } })).toMatchObject({
      problems: [{ key: 'streaming.serverAddress' }],
    });
    expect(await load({ file: { web: { listen: 'nonsense' } } })).toMatchObject({
      problems: [{ key: 'web.listen' }, {}],
    });
  });

  test('an address that is wrong stays a problem', async () => {
    const streaming = { serverAddress: 'http://a' };
    expect(await load({ file: { streaming } })).toMatchObject({ problems: [{ key: 'streaming.serverAddress' }] });
  });

  test('groups that are gone: a warning where the page named them, a problem where the file did', async () => {
    const key = 'streaming.subscriptions.extensionGroups';
    const fromPage = await good({ file: FILE, saved: { [key]: ['gone'] } });
    expect(fromPage.warnings).toMatchObject([{ key, wrong: 'names "gone", but calls.extensionGroups defines none' }]);
    const streaming = { ...FILE.streaming, subscriptions: { extensionGroups: ['gone'] } };
    rmSync(join(folder, 'state'), { recursive: true });
    expect(await load({ file: { streaming } })).toMatchObject({ problems: [{ key }] });
  });
});
