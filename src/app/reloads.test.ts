import { beforeEach, describe, expect, test } from '@jest/globals';
import { loadedWith, settingsWith } from '../../test/settings-with.js';
import type { LogFields } from '../core/log.js';
import { problemOf } from '../core/settings/problem.js';
import type { Settings, SettingValues } from '../core/settings/settings.js';
import type { LoadedSettings } from '../io/settings/load-settings.js';
import { SettingsReloads } from './reloads.js';

class WrittenLog {
  level = 'info';
  readonly lines: (readonly [level: string, message: string, fields: LogFields])[] = [];
  error = (message: string, fields: LogFields = {}): void => void this.lines.push(['error', message, fields]);
  warn = (message: string, fields: LogFields = {}): void => void this.lines.push(['warn', message, fields]);
  info = (message: string, fields: LogFields = {}): void => void this.lines.push(['info', message, fields]);
  debug = (message: string, fields: LogFields = {}): void => void this.lines.push(['debug', message, fields]);
  isDebugEnabled = (): boolean => this.level === 'debug';
  setLevel = (level: string): void => {
    this.level = level;
  };
}

let log: WrittenLog;
let there: LoadedSettings;
let reloads: SettingsReloads;
let heard: [Settings, boolean][];
beforeEach(() => {
  log = new WrittenLog();
  reloads = new SettingsReloads(loadedWith(), () => there, log);
  heard = [];
});
const listen = (): void => reloads.onReload((fresh, applyToRunning) => heard.push([fresh, applyToRunning]));
const fresh = (changes: Partial<SettingValues>): void => {
  there = loadedWith(changes);
};

describe('good settings', () => {
  test.each([false, true])('are handed on; applied to running streams: %s', (applyToRunning) => {
    listen();
    fresh({ 'streaming.sampleRate': 16000, 'log.level': 'debug' });
    reloads.reload(applyToRunning);
    expect(heard).toEqual([[settingsWith({ 'streaming.sampleRate': 16000, 'log.level': 'debug' }), applyToRunning]]);
    expect(log.level).toBe('debug');
    expect(log.lines[0]).toEqual([
      'info',
      'the settings were read again',
      { changed: ['log.level', 'streaming.sampleRate'], applyToRunning },
    ]);
  });

  test('are handed on also when they are the same: streams may still have older ones', () => {
    listen();
    fresh({});
    reloads.reload(true);
    expect(heard).toEqual([[settingsWith(), true]]);
  });

  test('hold, but for what cannot change while running, until a reload takes that back', () => {
    listen();
    fresh({ 'asterisk.password': 'other', 'media.format': 'opus', 'streaming.enable': false });
    reloads.reload(false);
    expect(heard).toEqual([[settingsWith({ 'streaming.enable': false }), false]]);
    const delayed = ['warn', 'takes effect at the next start', { changed: ['asterisk.password', 'media.format'] }];
    expect(log.lines).toContainEqual(delayed);

    log.lines.length = 0;
    reloads.reload(false);
    expect(log.lines[0]?.[2]).toMatchObject({ changed: [] });
    expect(log.lines).toContainEqual(delayed);

    log.lines.length = 0;
    fresh({});
    reloads.reload(false);
    expect(log.lines.map(([level]) => level)).toEqual(['info', 'debug']);
  });

  test('wait for who comes later, the newest of them, on request for running streams', () => {
    fresh({ 'streaming.sampleRate': 16000 });
    reloads.reload(true);
    fresh({ 'streaming.sampleRate': 24000 });
    reloads.reload(false);
    listen();
    expect(heard).toEqual([[settingsWith({ 'streaming.sampleRate': 24000 }), true]]);
  });
});

test('faulty settings change nothing, and every problem is told', () => {
  listen();
  const problems = [
    problemOf('log.level', 'file a', 'is "x"'),
    problemOf('stateDir', undefined, 'holds a NUL character'),
  ];
  there = { problems };
  reloads.reload(true);
  expect(heard).toEqual([]);
  expect(log.level).toBe('info');
  expect(log.lines).toEqual([
    [
      'error',
      'the settings were read again and are not valid: nothing is changed',
      { code: 'SETTINGS_INVALID', problems: 2 },
    ],
    ['error', 'log.level (file a): is "x"; allowed: error, warn, info or debug', {}],
    ['error', 'stateDir: holds a NUL character; allowed: the path of a folder', {}],
  ]);

  fresh({ 'streaming.enable': false });
  reloads.reload(false);
  expect(heard).toEqual([[settingsWith({ 'streaming.enable': false }), false]]);
});

test('no secret is told', () => {
  fresh({ 'asterisk.password': 'hunter3', 'streaming.secret.value': 'hunter4' });
  reloads.reload(false);
  expect(JSON.stringify(log.lines)).not.toContain('hunter');
});

test('what is to be done on the page is told with its address, and what the page overrides', () => {
  const problem = problemOf('streaming.serverAddress', undefined, 'is missing');
  const { forPage, ...loaded } = loadedWith({ 'web.basePath': '/audio' });
  there = { ...loaded, warnings: [problem], forPage: { ...forPage, overridden: ['streaming.sampleRate'] } };
  reloads.reload(false);
  expect(log.lines).toContainEqual([
    'warn',
    expect.stringMatching(/^streaming\.serverAddress: is missing; .*; or put it right on the page$/),
    { page: 'http://127.0.0.1:8090/audio/' },
  ]);
  expect(log.lines).toContainEqual([
    'info',
    'what was saved on the page overrides the settings file',
    { keys: ['streaming.sampleRate'] },
  ]);
  expect(reloads.loaded).toBe(there);
});

test('a reload says what is wrong to whoever asked for it, and reading without taking changes nothing', () => {
  const problems = [problemOf('log.level', undefined, 'is "loud"')];
  there = { problems };
  const before = reloads.loaded;
  expect(reloads.reload(true)).toEqual(problems);
  expect(reloads.readNow()).toEqual({ problems });
  fresh({ 'streaming.sampleRate': 16000 });
  expect(reloads.readNow()).toBe(there);
  expect(reloads.loaded).toBe(before);
  expect(reloads.inForce.streaming.sampleRate).toBe(8000);
});
