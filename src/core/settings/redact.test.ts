import { expect, test } from '@jest/globals';
import { settingsWith } from '../../../test/settings-with.js';
import { redactSettings } from './redact.js';
import type { SettingValues } from './settings.js';

const GIVEN: Partial<SettingValues> = {
  'asterisk.ca': 'PEM of hunter2',
  'streaming.serverAddress': 'wss://example.com/audio?key=hunter2',
  'streaming.secret.value': 'hunter2',
  'streaming.ca': 'PEM of hunter2',
  'web.cert': 'PEM of hunter2',
  'web.key': 'PEM of hunter2',
  'streaming.subscriptions.extensions': ['1001'],
  'calls.extensionGroups': [['sales', ['1001', '_20XX']]],
  'calls.callflows': ['context:ext-local='],
};

test('secrets are left out, and the rest is there', () => {
  const shown = redactSettings(settingsWith(GIVEN));
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  expect(shown).toMatchObject({
    asterisk: { username: 'ari-audio-stream', password: '(set)', ca: '(set)' },
    stateDir: '/state',
    streaming: {
      serverAddress: 'wss://example.com/audio?…',
      secret: { name: 'Secret', value: '(set)' },
      earlyMedia: false,
      subscriptions: { enableDids: true, extensions: ['1001'], extensionGroups: [] },
    },
    calls: {
      technologies: ['PJSIP', 'SIP', 'IAX2', 'DAHDI'],
      extensionGroups: { sales: ['1001', '_20XX'] },
      callflows: ['context:ext-local='],
    },
    web: { listen: { host: '127.0.0.1', port: 8090 }, cert: '(set)', key: '(set)', basePath: '', hosts: [] },
  });
});
