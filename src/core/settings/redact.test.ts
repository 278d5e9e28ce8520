import { expect, test } from '@jest/globals';
import { redactSettings } from './redact.js';
import { type SettingValues, settingsFrom } from './settings.js';
import { SETTING_KEYS, settingAt } from './settings-table.js';

const DEFAULTS = Object.fromEntries(
  SETTING_KEYS.map((key) => {
    const setting = settingAt(key);
    return [key, 'fallback' in setting ? setting.fallback : undefined];
  }),
) as unknown as SettingValues;

const GIVEN: SettingValues = {
  ...DEFAULTS,
  'asterisk.password': 'hunter2',
  'asterisk.ca': 'PEM of hunter2',
  'streaming.serverAddress': 'wss://example.com/audio?key=hunter2',
  'streaming.secret.value': 'hunter2',
  'streaming.ca': 'PEM of hunter2',
  'streaming.subscriptions.extensions': ['1001'],
};

test('secrets are left out, and the rest is there', () => {
  const shown = redactSettings(settingsFrom(GIVEN, { defaultStateDir: '/state' }));
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  expect(shown).toMatchObject({
    asterisk: { username: 'ari-audio-stream', password: '(set)', ca: '(set)' },
    stateDir: '/state',
    streaming: {
      serverAddress: 'wss://example.com/audio?…',
      secret: { name: 'Secret', value: '(set)' },
      subscriptions: { extensions: ['1001'] },
    },
  });
});
