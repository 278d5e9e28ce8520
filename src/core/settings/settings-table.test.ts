import { describe, expect, test } from '@jest/globals';
import { SAMPLE_RATES } from '../relay/protocol.js';
import { faultIn } from './setting-value.js';
import { environmentName, flagName, SETTING_KEYS, SETTINGS, settingAt } from './settings-table.js';

describe.each(SETTING_KEYS)('%s', (key) => {
  const setting = settingAt(key);

  test('has a default that its own check takes', () => {
    if ('fallback' in setting) expect(faultIn(setting, setting.fallback)).toBeUndefined();
  });

  test('is explained in whole sentences', () => {
    expect(setting.help).toMatch(/^\w.*\.$/);
  });
});

test('no two settings share a flag or a variable', () => {
  expect(new Set(SETTING_KEYS.map(flagName)).size).toBe(SETTING_KEYS.length);
  expect(new Set(SETTING_KEYS.map(environmentName)).size).toBe(SETTING_KEYS.length);
});

test('names follow from the key', () => {
  expect(flagName('streaming.secret.valueFile')).toBe('--streaming-secret-value-file');
  expect(environmentName('streaming.secret.valueFile')).toBe('ARI_AUDIO_STREAM_STREAMING_SECRET_VALUE_FILE');
  expect(environmentName('stateDir')).toBe('ARI_AUDIO_STREAM_STATE_DIR');
});

test('the sample rates are those of the protocol', () => {
  expect(SETTINGS['streaming.sampleRate'].choices).toEqual(SAMPLE_RATES);
});
