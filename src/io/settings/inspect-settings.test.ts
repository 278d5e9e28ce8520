import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inspectSettings } from './inspect-settings.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inspect-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function inspected(settings: unknown) {
  const file = join(folder, 'settings.json');
  writeFileSync(file, typeof settings === 'string' ? settings : JSON.stringify(settings));
  return { file, ...inspectSettings({ file, environment: {}, flags: new Map() }) };
}

test('what is wrong is replaced by its default, what is right stays, and every problem is told', () => {
  const { problems, settings } = inspected({
    asterisk: { url: 'http://pbx:8088', password: 'p', app: 'not allowed' },
    media: { listen: 'nonsense' },
    streaming: { sampleRate: 11_025, serverAddress: 'ws://a/' },
  });
  expect(problems.map(({ key }) => key)).toEqual(['asterisk.app', 'media.listen', 'streaming.sampleRate']);
  expect(settings.asterisk).toMatchObject({ url: 'http://pbx:8088', app: 'ari-audio-stream', password: 'p' });
  expect(settings.media.listen).toEqual({ host: '127.0.0.1', port: 40_000 });
  expect(settings.streaming).toMatchObject({ sampleRate: 8000, serverAddress: 'ws://a/' });
});

test('nothing at all: a password and an address are missing, and stay empty', () => {
  const { problems, warnings, settings, secretFiles } = inspected({});
  expect(problems.map(({ key }) => key)).toEqual(['asterisk.password']);
  expect(warnings.map(({ key }) => key)).toEqual(['streaming.serverAddress']);
  expect([settings.asterisk.password, settings.streaming.serverAddress]).toEqual(['', undefined]);
  expect(secretFiles).toEqual([]);
});

test('a file that is no JSON is one problem', () => {
  expect(inspected('{').problems.map(({ key }) => key)).toEqual(['--config']);
});

test('the files that hold secrets are known, whatever else is wrong', () => {
  const password = join(folder, 'password');
  writeFileSync(password, 'p\n');
  const { file, secretFiles } = inspected({
    asterisk: { passwordFile: password },
    streaming: { secret: { value: 's' }, sampleRate: 1 },
  });
  expect(secretFiles).toEqual([
    { path: file, holds: ['streaming.secret.value'] },
    { path: password, holds: ['asterisk.password'] },
  ]);
});
