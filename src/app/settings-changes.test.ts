/** Saving on the page: what is saved holds at once and after a restart, or nothing is changed at all. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SavingProgram, SETTINGS_FILE, save } from '../../test/saving-program.js';
import type { StreamingForm } from '../io/web/contract/settings.js';
import type { ApiFailure } from '../io/web/route.js';

let program: SavingProgram;
beforeEach(() => {
  program = new SavingProgram();
});
afterEach(() => program.remove());

async function refusal(promise: Promise<unknown>): Promise<ApiFailure> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason as ApiFailure,
  );
  if (error === undefined) throw new Error('It was not refused.');
  return error;
}

test('before anything is saved the page shows what the file says, and of the secret only that there is one', () => {
  const { changes } = program.start();
  expect(changes.present()).toMatchObject({
    revision: 0,
    savedAt: null,
    savedBy: null,
    streaming: {
      enable: true,
      serverAddress: 'ws://from.file',
      sampleRate: 16000,
      secretName: 'X-Key',
      secretIsSet: true,
    },
    isUnverified: false,
    locked: {},
  });
  expect(JSON.stringify(changes.present())).not.toContain('hunter2');
  expect(changes.secret()).toBe('hunter2');
  expect(changes.versions()).toEqual([]);
});

test('what is saved holds at once and after a restart; all else goes on coming from the file', async () => {
  const { changes } = program.start();
  const told: unknown[] = [];
  changes.onSaved((notice) => told.push(notice));
  const { change, words } = await save(changes, { serverAddress: 'wss://from.page', bufferSeconds: 60 }, true);
  expect(change).toEqual({
    settings: expect.objectContaining({ revision: 1, savedAt: '2026-11-22T12:00:00.000Z', savedBy: 'anna' }),
    changed: [
      { key: 'streaming.serverAddress', effect: 'new-calls' },
      { key: 'streaming.bufferSeconds', effect: 'new-calls' },
    ],
    runningCalls: 3,
  });
  expect(words).toBe('streaming.serverAddress: ws://from.file → wss://from.page; streaming.bufferSeconds: 30 → 60');
  expect(told).toEqual([{ revision: 1, savedBy: 'anna' }]);
  expect(program.applied).toMatchObject([[{ streaming: { serverAddress: 'wss://from.page' } }, true]]);
  expect(statSync(join(program.stateDir, 'settings.json')).mode & 0o777).toBe(0o600);

  program.writeFile({
    ...SETTINGS_FILE,
    streaming: { ...SETTINGS_FILE.streaming, serverAddress: 'ws://other', earlyMedia: true },
  });
  const again = program.start();
  expect(again.reloads.inForce.streaming).toMatchObject({
    serverAddress: 'wss://from.page',
    bufferSeconds: 60,
    sampleRate: 16000,
    earlyMedia: true,
    secret: { name: 'X-Key', value: 'hunter2' },
  });
  expect(again.changes.present()).toMatchObject({ revision: 1, savedBy: 'anna' });
  expect(again.reloads.loaded.forPage.overridden).toEqual(['streaming.serverAddress']);
});

test('the secret of the file is kept, replaced and removed', async () => {
  const { changes, reloads } = program.start();
  await save(changes, { bufferSeconds: 1 });
  expect(reloads.inForce.streaming.secret?.value).toBe('hunter2');
  const { words } = await save(changes, { secretValue: 'hunter3' });
  expect(words).toBe('streaming.secret.value: (set) → another');
  expect(reloads.inForce.streaming.secret).toEqual({ name: 'X-Key', value: 'hunter3' });
  await save(changes, { secretValue: null, secretName: 'Authorization' });
  expect(reloads.inForce.streaming.secret).toBeUndefined();
  expect(changes.present().streaming).toMatchObject({ secretIsSet: false, secretName: 'Authorization' });
  expect(program.start().reloads.inForce.streaming.secret).toBeUndefined();
  await changes.restore(2, false, 'anna');
  expect(reloads.inForce.streaming.secret).toEqual({ name: 'X-Key', value: 'hunter3' });
  expect(program.logged.join()).not.toMatch(/hunter/);
  expect(JSON.stringify(changes.versions())).not.toMatch(/hunter/);
});

describe('what is wrong is named at its field, and nothing is changed', () => {
  const subscriptions = {
    enableExtensions: true,
    extensions: [],
    enableExtensionGroups: true,
    extensionGroups: [],
    enableTrunks: true,
    trunks: [],
    enableDids: true,
    dids: [],
  };
  test.each<[Partial<StreamingForm>, string, RegExp]>([
    [{ serverAddress: 'http://a' }, 'streaming.serverAddress', /^does not begin with ws:.*; allowed: /],
    [{ serverAddress: `ws://${'a'.repeat(300)}` }, 'streaming.serverAddress', /^is 305 characters long/],
    [{ serverAddress: '' }, 'streaming.serverAddress', /^is needed while WebSocket Audio Streaming is switched on$/],
    [{ secretName: 'Host' }, 'streaming.secretName', /^is a field that the WebSocket upgrade uses itself/],
    [{ secretName: '' }, 'streaming.secretName', /^is empty/],
    [{ secretValue: 'with\nnewline' }, 'streaming.secretValue', /^holds a character/],
    [{ secretValue: '' }, 'streaming.secretValue', /^is empty/],
    [{ bufferSeconds: 301 }, 'streaming.bufferSeconds', /^is 301; allowed: .* 1 to 300/],
    [
      { subscriptions: { ...subscriptions, extensions: ['1001', 'a b'] } },
      'streaming.subscriptions.extensions',
      /^item 2/,
    ],
    [
      { subscriptions: { ...subscriptions, trunks: Array(5000).fill('a b') } },
      'streaming.subscriptions.trunks',
      /^.{500}…$/,
    ],
    [
      { subscriptions: { ...subscriptions, extensionGroups: ['sales', 'sles'] } },
      'streaming.subscriptions.extensionGroups',
      /^names "sles", but calls.extensionGroups defines "sales"$/,
    ],
    [{ subscriptions: { ...subscriptions, dids: ['a,b'] } }, 'streaming.subscriptions.dids', /^item 1 holds a comma/],
  ])('%#', async (changed, field, message) => {
    const { changes } = program.start();
    const before = changes.present();
    const failure = await refusal(save(changes, changed));
    expect(failure).toMatchObject({ status: 400, code: 'INVALID' });
    expect(failure.problems).toEqual([{ field, message: expect.stringMatching(message) }]);
    expect(JSON.stringify(failure.problems)).not.toContain('newline');
    expect(changes.present()).toEqual(before);
    expect(program.applied).toEqual([]);
    expect(readdirSync(program.folder).toSorted()).toEqual(['config.json', 'secret']);
  });

  test('several at once', async () => {
    const { changes } = program.start();
    const { problems } = await refusal(save(changes, { serverAddress: 'x', secretName: ' ', bufferSeconds: 0 }));
    expect(problems?.map(({ field }) => field)).toEqual([
      'streaming.serverAddress',
      'streaming.secretName',
      'streaming.bufferSeconds',
    ]);
  });

  test('without an address the switch must be off', async () => {
    const { changes, reloads } = program.start();
    await save(changes, { serverAddress: '', enable: false });
    expect(reloads.inForce.streaming).toMatchObject({ enable: false, serverAddress: undefined });
    expect(changes.present().streaming.serverAddress).toBe('');
  });
});
