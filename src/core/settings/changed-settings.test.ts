import { describe, expect, test } from '@jest/globals';
import { settingsWith } from '../../../test/settings-with.js';
import { changedKeys, settingsInForce } from './changed-settings.js';
import type { Settings, SettingValues } from './settings.js';
import { SETTING_KEYS, type SettingKey, settingAt } from './settings-table.js';

function settings(changes: Partial<SettingValues> = {}): Settings {
  return settingsWith({ 'streaming.secret.value': 's', ...changes });
}

/** Every setting that is no path of a secret's file, and a value that is not its default. */
const OTHER: Partial<SettingValues> = {
  'asterisk.url': 'http://b',
  'asterisk.username': 'b',
  'asterisk.password': 'other',
  'asterisk.app': 'b',
  'asterisk.ca': 'PEM',
  'asterisk.insecure': true,
  'media.listen': '127.0.0.1:5',
  'media.advertise': '192.0.2.1',
  'media.format': 'opus',
  'media.workers': 0,
  'log.level': 'debug',
  'log.format': 'json',
  'monitoring.listen': '127.0.0.1:6',
  'monitoring.traces': 'http://b',
  stateDir: '/b',
  'streaming.enable': false,
  'streaming.serverAddress': 'ws://b',
  'streaming.ca': 'PEM',
  'streaming.cert': 'PEM',
  'streaming.key': 'PEM',
  'streaming.insecure': true,
  'streaming.secret.name': 'B',
  'streaming.secret.value': 'other',
  'streaming.sampleRate': 16000,
  'streaming.bufferSeconds': 5,
  'streaming.earlyMedia': true,
  'streaming.subscriptions.enableExtensions': false,
  'streaming.subscriptions.extensions': ['1'],
  'streaming.subscriptions.enableExtensionGroups': false,
  'streaming.subscriptions.extensionGroups': ['a'],
  'streaming.subscriptions.enableTrunks': false,
  'streaming.subscriptions.trunks': ['1'],
  'streaming.subscriptions.enableDids': false,
  'streaming.subscriptions.dids': ['1'],
  'calls.technologies': ['SIP'],
  'calls.trunks': ['1'],
  'calls.trunkContexts': [],
  'calls.extensionGroups': [['a', ['1']]],
  'calls.callflows': ['app:Queue='],
  'web.listen': 'off',
  'web.cert': 'PEM',
  'web.key': 'PEM',
  'web.basePath': '/b',
  'web.trustedProxies': ['::1'],
  'web.hosts': ['b'],
};
const SECRET_FILES: readonly SettingKey[] = ['asterisk.passwordFile', 'streaming.secret.valueFile'];
const ALL = SETTING_KEYS.filter((key) => !SECRET_FILES.includes(key));

describe('changed keys', () => {
  test('are none where nothing changed', () => {
    expect(changedKeys(settings(), settings())).toEqual([]);
  });

  // What media.advertise is by default follows from media.listen.
  test.each(ALL.filter((key) => key !== 'media.listen'))('%s alone', (key) => {
    expect(changedKeys(settings(), settings({ [key]: OTHER[key] }))).toEqual([key]);
  });

  test('are all where everything changed', () => {
    expect(changedKeys(settings(), settings(OTHER))).toEqual(ALL);
  });

  test('tell of a secret that came or went', () => {
    const keys = ['streaming.secret.name', 'streaming.secret.value'];
    expect(changedKeys(settings(), settings({ 'streaming.secret.value': undefined }))).toEqual(keys);
    expect(changedKeys(settings({ 'streaming.secret.value': undefined }), settings())).toEqual(keys);
  });

  test('tell a member of a group from another', () => {
    const before = settings({ 'calls.extensionGroups': [['__proto__', ['1']]] });
    const after = settings({ 'calls.extensionGroups': [['__proto__', ['2']]] });
    expect(changedKeys(before, after)).toEqual(['calls.extensionGroups']);
  });
});

test('the settings in force have the old value of exactly those that take effect at the next start', () => {
  const inForce = settingsInForce(settings(), settings(OTHER));
  const isDelayed = (key: SettingKey): boolean => settingAt(key).effect === 'next-start';
  expect(changedKeys(settings(), inForce)).toEqual(ALL.filter((key) => !isDelayed(key)));
  expect(changedKeys(inForce, settings(OTHER))).toEqual(ALL.filter(isDelayed));
});
