/** The compatible API over the real portal: what its clients send and expect, and what nobody should get. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SettingsReloads } from '../src/app/reloads.js';
import type { SettingsChanges } from '../src/app/settings-changes.js';
import { compatibleRoutes } from '../src/io/web/compatible-routes.js';
import type { NewToken } from '../src/io/web/contract/access.js';
import type { CompatibleAnswer } from '../src/io/web/contract/compatible.js';
import type { PortalClient } from './portal-client.js';
import { RunningPortal } from './running-portal.js';
import { SavingProgram, save } from './saving-program.js';

const GET = '/openapi/v1.0/websocketaudiostream/get';
const UPDATE = '/openapi/v1.0/websocketaudiostream/update';
const NO_LOG = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, isDebugEnabled: () => false };

let program: SavingProgram;
let reloads: SettingsReloads;
let changes: SettingsChanges;
let portal: RunningPortal;
let client: PortalClient;
let token: string;
beforeEach(async () => {
  program = new SavingProgram();
  ({ reloads, changes } = program.start());
  portal = await RunningPortal.open({ routes: [compatibleRoutes(changes, NO_LOG)] });
  client = portal.client();
  token = await tokenWith();
});
afterEach(async () => {
  program.remove();
  await portal.close();
});

async function tokenWith(rights: Partial<NewToken> = {}): Promise<string> {
  const { token: made } = await portal.tokenClient(rights);
  if (made === undefined) throw new Error('no token');
  return made;
}

async function ask(method: string, path: string, body?: unknown): Promise<CompatibleAnswer> {
  const { status, json } = await client.ask(method, path, body === undefined ? {} : { body });
  expect(status).toBe(200);
  return json;
}
const get = (by = token) => ask('GET', `${GET}?access_token=${by}`);
const update = (body: unknown, by = token) => ask('POST', `${UPDATE}?access_token=${by}`, body);
const SUCCESS = { errcode: 0, errmsg: 'SUCCESS' };

test('what a client of the original reads', async () => {
  await save(changes, {
    serverAddress: 'wss://docs.example.cloud.com',
    secretName: 'Secret',
    sampleRate: 8000,
    subscriptions: {
      enableExtensions: true,
      extensions: ['1001', '0049', '_20XX'],
      enableExtensionGroups: true,
      extensionGroups: ['sales'],
      enableTrunks: false,
      trunks: ['trunk-a'],
      enableDids: true,
      dids: ['4930123', '+4930123'],
    },
  });
  expect(await get()).toEqual({
    ...SUCCESS,
    config: {
      enable: 1,
      websocket_url: 'wss://docs.example.cloud.com',
      auth_key: 'Secret',
      auth_value: '********',
      sample_rate: 0,
      enable_ext: 1,
      enable_trunk: 0,
      enable_did: 1,
    },
    subscribe_list: [
      { id: 1, subscribe_type: 'extension', subscribe_id: 1001 },
      { id: 2, subscribe_type: 'extension', subscribe_id: '0049' },
      { id: 3, subscribe_type: 'extension', subscribe_id: '_20XX' },
      { id: 4, subscribe_type: 'ext_group', subscribe_id: 'sales' },
      { id: 5, subscribe_type: 'trunk', subscribe_id: 'trunk-a' },
      { id: 6, subscribe_type: 'did', subscribe_id: 4930123 },
      { id: 7, subscribe_type: 'did', subscribe_id: '+4930123' },
    ],
  });
});

test('the secret only for a token that may read secrets', async () => {
  const reading = await tokenWith({ mayReadSecrets: true });
  expect((await get(reading)).config?.auth_value).toBe('hunter2');
  expect(JSON.stringify(await get())).not.toContain('hunter2');
  await update({ auth_value: '' });
  expect((await get()).config?.auth_value).toBe('');
  expect((await get(reading)).config?.auth_value).toBe('');
});

test('a part is changed, all else stays; it holds at once, is saved and audited', async () => {
  expect(await update({ auth_key: 'yyyy', auth_value: 'hunter3', sample_rate: 0 })).toEqual(SUCCESS);
  expect(reloads.inForce.streaming).toMatchObject({
    serverAddress: 'ws://from.file',
    secret: { name: 'yyyy', value: 'hunter3' },
    sampleRate: 8000,
  });
  expect(await update({ enable: 0 })).toEqual(SUCCESS);
  expect(reloads.inForce.streaming.enable).toBe(false);
  const list = [
    { subscribe_id: 1001, subscribe_type: 'extension' },
    { id: 9, subscribe_id: '1001', subscribe_type: 'extension' },
    { subscribe_id: 'sales', subscribe_type: 'ext_group' },
    { subscribe_id: '*', subscribe_type: 'trunk' },
  ];
  expect(await update({ enable: 1, enable_ext: 1, enable_did: 0, subscribe_list: list })).toEqual(SUCCESS);
  expect(reloads.inForce.streaming).toMatchObject({
    enable: true,
    subscriptions: {
      enableExtensions: true,
      extensions: ['1001'],
      extensionGroups: ['sales'],
      trunks: ['*'],
      enableTrunks: true,
      enableDids: false,
      dids: [],
    },
  });
  expect(JSON.parse(await readFile(join(program.stateDir, 'settings.json'), 'utf8')).versions).toHaveLength(3);
  const admin = await portal.adminClient();
  const { text } = await admin.ask('GET', '/api/v1/audit');
  expect(text).toContain('token t0');
  expect(text).toContain('streaming.sampleRate: 16000 → 8000');
  expect(text).not.toContain('hunter');
  expect(JSON.stringify(portal.lines)).not.toContain(token);
});

test('what was read can be sent back, and changes nothing; also where the original has no word for it', async () => {
  await save(changes, {
    sampleRate: 24000,
    subscriptions: {
      ...changes.present().streaming.subscriptions,
      extensions: ['1001', '007'],
      enableExtensionGroups: true,
      extensionGroups: ['*'],
      dids: ['+49 (30) 1'],
    },
  });
  const { config, subscribe_list } = await get();
  expect(config?.sample_rate).toBe(24000);
  expect(await update({ ...config, subscribe_list })).toEqual(SUCCESS);
  expect(changes.present().revision).toBe(1);
  expect(reloads.inForce.streaming.secret?.value).toBe('hunter2');
});

test('one switch there, two here: what is shown is what is streamed', async () => {
  const { subscriptions } = changes.present().streaming;
  await save(changes, {
    subscriptions: { ...subscriptions, enableExtensions: false, extensions: ['1'], extensionGroups: ['sales'] },
  });
  expect(await get()).toMatchObject({
    config: { enable_ext: 1 },
    subscribe_list: [{ id: 1, subscribe_type: 'ext_group', subscribe_id: 'sales' }],
  });
  await update({ enable_ext: 0 });
  expect(reloads.inForce.streaming.subscriptions).toMatchObject({
    enableExtensions: false,
    enableExtensionGroups: false,
  });
  expect((await get()).subscribe_list).toHaveLength(2);
});

describe('who may not', () => {
  test('no token, a wrong one, two of them, a revoked one: the token has expired', async () => {
    const expired = { errcode: 10004, errmsg: 'TOKEN EXPIRED' };
    for (const query of ['', '?access_token=', '?access_token=wrong', `?access_token=${token}&access_token=${token}`]) {
      expect(await ask('GET', `${GET}${query}`)).toMatchObject(expired);
      expect(await ask('POST', `${UPDATE}${query}`, { enable: 0 })).toMatchObject(expired);
    }
    for (const { id } of portal.access.accounts.tokens()) await portal.access.accounts.removeToken(id);
    expect(await get()).toMatchObject(expired);
    expect(reloads.inForce.streaming.enable).toBe(true);
  });

  test('a token that only reads', async () => {
    const reader = await tokenWith({ role: 'reader' });
    expect(await get(reader)).toMatchObject(SUCCESS);
    expect(await update({ enable: 0 }, reader)).toMatchObject({ errcode: 10005, errmsg: 'ACCESS DENIED' });
    expect(reloads.inForce.streaming.enable).toBe(true);
  });

  test('another address or method', async () => {
    const nothing = { errcode: 10001, errmsg: 'INTERFACE NOT EXISTED' };
    expect(await ask('GET', '/openapi/v1.0/extension/list?access_token=x')).toMatchObject(nothing);
    expect(await ask('POST', GET, {})).toMatchObject(nothing);
    expect(await ask('GET', UPDATE)).toMatchObject(nothing);
    expect(await ask('DELETE', '/openapi/')).toMatchObject(nothing);
  });
});

describe('parameters that are wrong are named, and nothing is changed', () => {
  test.each<[unknown, string]>([
    [{ enable: true }, 'enable'],
    [{ enable: '1' }, 'enable'],
    [{ sample_rate: 8000 }, 'sample_rate'],
    [{ sample_rate: 2 }, 'sample_rate'],
    [{ websocket_url: 'http://a' }, 'websocket_url'],
    [{ websocket_url: `ws://${'a'.repeat(251)}` }, 'websocket_url'],
    [{ websocket_url: '' }, 'websocket_url'],
    [{ auth_key: 'k'.repeat(64) }, 'auth_key'],
    [{ auth_key: 'Connection' }, 'auth_key'],
    [{ auth_value: 'v'.repeat(256) }, 'auth_value'],
    [{ auth_value: 'ü' }, 'auth_value'],
    [{ stranger: 1 }, 'stranger'],
    [{ subscribe_list: 'x' }, 'subscribe_list'],
    [{ subscribe_list: [{ subscribe_id: 1, subscribe_type: 'organization' }] }, 'subscribe_list.0.subscribe_type'],
    [{ subscribe_list: [{ subscribe_id: 1, subscribe_type: 'queue' }] }, 'subscribe_list.0.subscribe_type'],
    [{ subscribe_list: [{ subscribe_type: 'did' }] }, 'subscribe_list.0.subscribe_id'],
    [{ subscribe_list: [{ subscribe_id: 1.5, subscribe_type: 'did' }] }, 'subscribe_list.0.subscribe_id'],
    [{ subscribe_list: [{ subscribe_id: 'a b', subscribe_type: 'trunk' }] }, 'subscribe_list'],
    [{ subscribe_list: [{ subscribe_id: 'sles', subscribe_type: 'ext_group' }] }, 'subscribe_list'],
    [{ subscribe_list: [null] }, 'subscribe_list.0'],
  ])('%#: %j', async (body, field) => {
    const answer = await update(body);
    expect(answer).toMatchObject({ errcode: 40002, errmsg: 'PARAMETER ERROR', submsg: expect.any(String) });
    expect(answer.invalid_param_list?.map((invalid) => invalid.field)).toEqual([field]);
    expect(answer.invalid_param_list?.[0]?.message).not.toBe('');
    expect(changes.present().revision).toBe(0);
  });

  test('an organization: what to use instead is said', async () => {
    const answer = await update({ subscribe_list: [{ subscribe_id: 1, subscribe_type: 'organization' }] });
    expect(answer.submsg).toBe(
      'Asterisk has no organizations: use ext_group with a group of calls.extensionGroups, or extension',
    );
  });

  test('no JSON, or none that is an object', async () => {
    for (const body of ['{', '', '{"__proto__": {"enable": 0}}']) {
      expect(await update(body)).toMatchObject({ errcode: 40001, errmsg: 'PARAMETER SYNTAX ERROR' });
    }
    for (const body of [[], 'null', '"x"', 5]) expect(await update(body)).toMatchObject({ errcode: 40002 });
    const huge = { auth_value: 'x'.repeat(400_000) };
    expect(await update(huge)).toMatchObject({ errcode: 40001 });
    const plain = await client.ask('POST', `${UPDATE}?access_token=${token}`, {
      body: 'enable=0',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([plain.status, plain.json]).toMatchObject([200, { errcode: 40001 }]);
    expect(changes.present().revision).toBe(0);
  });
});

test('the longest that are allowed are taken, to the byte', async () => {
  const long = { websocket_url: `ws://a/${'b'.repeat(248)}`, auth_key: 'k'.repeat(63), auth_value: 'v'.repeat(255) };
  expect(await update(long)).toEqual(SUCCESS);
  expect(reloads.inForce.streaming).toMatchObject({
    serverAddress: long.websocket_url,
    secret: { name: long.auth_key, value: long.auth_value },
  });
});

test('what the environment gives cannot be changed, and is named', async () => {
  await portal.close();
  program.environment = { ARI_AUDIO_STREAM_STREAMING_SAMPLE_RATE: '16000' };
  ({ reloads, changes } = program.start());
  portal = await RunningPortal.open({ routes: [compatibleRoutes(changes, NO_LOG)] });
  client = portal.client();
  const answer = await update({ sample_rate: 0 }, await tokenWith());
  expect(answer).toMatchObject({
    errcode: 40002,
    invalid_param_list: [
      { field: 'sample_rate', message: expect.stringContaining('ARI_AUDIO_STREAM_STREAMING_SAMPLE_RATE') },
    ],
  });
});

test('many at once all get through: each change is made on the newest settings', async () => {
  const answers = await Promise.all([
    update({ sample_rate: 0 }),
    update({ auth_key: 'X-A' }),
    update({ subscribe_list: [{ subscribe_id: 5, subscribe_type: 'trunk' }] }),
  ]);
  expect(answers).toEqual([SUCCESS, SUCCESS, SUCCESS]);
  expect(reloads.inForce.streaming).toMatchObject({
    sampleRate: 8000,
    secret: { name: 'X-A' },
    subscriptions: { trunks: ['5'] },
  });
});
