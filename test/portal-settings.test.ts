/** The settings API over the real portal, with real files and accounts, and a real WebSocket server as the receiver. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { connectionTests } from '../src/app/connection-test.js';
import type { SettingsReloads } from '../src/app/reloads.js';
import type { ConnectionTestResult, SavedChange, SavedSettings } from '../src/io/web/contract/settings.js';
import { settingsRoutes } from '../src/io/web/settings-routes.js';
import type { PortalClient } from './portal-client.js';
import { RunningPortal } from './running-portal.js';
import { SavingProgram } from './saving-program.js';

const SETTINGS = '/api/v1/settings';
const TEST = '/api/v1/settings/test';

let program: SavingProgram;
let reloads: SettingsReloads;
let portal: RunningPortal;
let admin: PortalClient;
beforeEach(async () => {
  program = new SavingProgram();
  const started = program.start();
  reloads = started.reloads;
  const connection = connectionTests(() => reloads.inForce);
  portal = await RunningPortal.open({ routes: [settingsRoutes(started.changes, connection)] });
  admin = await portal.adminClient();
});
afterEach(async () => {
  program.remove();
  await portal.close();
  expect(JSON.stringify(program.logged)).not.toContain('hunter');
});

async function shown(client = admin): Promise<SavedSettings> {
  const { status, json } = await client.ask('GET', SETTINGS);
  expect(status).toBe(200);
  return json;
}

/** What the page sends: all fields as they were shown, with changes. */
async function change(changes: object, more: object = {}): Promise<object> {
  const { revision, streaming } = await shown();
  const { secretIsSet: _, ...form } = streaming;
  return { revision, streaming: { ...form, ...changes }, ...more };
}

async function audited(): Promise<string> {
  const { json } = await admin.ask('GET', '/api/v1/audit');
  return JSON.stringify(json);
}

test('read, changed, read again; the trail has old and new values, and nothing has the secret', async () => {
  expect(await shown()).toMatchObject({
    revision: 0,
    savedBy: null,
    streaming: { secretIsSet: true, sampleRate: 16000 },
  });
  const body = await change({ sampleRate: 8000, secretValue: 'hunter3' }, { applyToRunning: true });
  const { status, json } = await admin.ask('PUT', SETTINGS, { body });
  expect(status).toBe(200);
  expect(json as SavedChange).toMatchObject({
    settings: { revision: 1, savedBy: 'admin', streaming: { sampleRate: 8000, secretIsSet: true } },
    changed: [
      { key: 'streaming.secret.value', effect: 'new-calls' },
      { key: 'streaming.sampleRate', effect: 'new-calls' },
    ],
    runningCalls: 3,
  });
  expect(reloads.inForce.streaming).toMatchObject({ sampleRate: 8000, secret: { value: 'hunter3' } });
  expect(program.applied).toMatchObject([[{ streaming: { sampleRate: 8000 } }, true]]);
  expect(await shown()).toEqual((json as SavedChange).settings);

  const trail = await audited();
  expect(trail).toContain(
    'streaming.secret.value: (set) → another; streaming.sampleRate: 16000 → 8000; applied to running',
  );
  expect(trail).not.toContain('hunter');
  const versions = await admin.ask('GET', `${SETTINGS}/versions`);
  expect(versions.json).toMatchObject([{ revision: 1, savedBy: 'admin', isCurrent: true }]);
  expect(versions.text).not.toContain('hunter');
  expect(await readFile(join(program.stateDir, 'settings.json'), 'utf8')).toContain('hunter3');
});

test('put back: a new version, audited; the body may be left out', async () => {
  await admin.ask('PUT', SETTINGS, { body: await change({ sampleRate: 8000 }) });
  await admin.ask('PUT', SETTINGS, { body: await change({ sampleRate: 48000 }) });
  const { status, json } = await admin.ask('POST', `${SETTINGS}/versions/1/restore`);
  expect(status).toBe(200);
  expect(json as SavedChange).toMatchObject({ settings: { revision: 3, streaming: { sampleRate: 8000 } } });
  expect(await audited()).toContain('revision 1 as revision 3: streaming.sampleRate: 48000 → 8000');
  expect(program.applied.at(-1)?.[1]).toBe(false);
  await admin.ask('POST', `${SETTINGS}/versions/2/restore`, { body: { applyToRunning: true } });
  expect(program.applied.at(-1)?.[1]).toBe(true);
  for (const revision of ['99', '0', '-1', 'x', '1.5', '../1']) {
    const refused = await admin.ask('POST', `${SETTINGS}/versions/${encodeURIComponent(revision)}/restore`);
    expect([400, 404]).toContain(refused.status);
  }
});

test('two administrators: the second is told, and nothing of his is taken', async () => {
  const [first, second] = [await change({ bufferSeconds: 10 }), await change({ bufferSeconds: 20 })];
  const answers = await Promise.all([first, second].map((body) => admin.ask('PUT', SETTINGS, { body })));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(answers.find(({ status }) => status === 409)?.json).toEqual({
    error: { code: 'CONFLICT', message: expect.stringMatching(/^admin saved other settings at 2026-11-22T/) },
  });
});

test('each bad field is named, by the form of the request and by what the setting allows', async () => {
  const body = await change({ serverAddress: 'http://a', secretName: 'a b', sampleRate: 8000 });
  const { status, json } = await admin.ask('PUT', SETTINGS, { body });
  expect(status).toBe(400);
  expect(json).toMatchObject({
    error: { code: 'INVALID', problems: [{ field: 'streaming.serverAddress' }, { field: 'streaming.secretName' }] },
  });
  const malformed = [
    await change({ sampleRate: 11025 }),
    await change({ bufferSeconds: '30' }),
    await change({ stranger: 1 }),
    { ...(await change({})), revision: 'x' },
    { streaming: {} },
    [],
    null,
    '{',
    '{"__proto__": {"a": 1}}',
    '',
  ];
  for (const hostile of malformed) {
    const refused = await admin.ask('PUT', SETTINGS, { body: hostile });
    expect([typeof hostile === 'string' ? hostile : JSON.stringify(hostile).slice(0, 20), refused.status]).toEqual([
      expect.anything(),
      400,
    ]);
  }
  expect(await shown()).toMatchObject({ revision: 0 });
  const stranger = await admin.ask('PUT', SETTINGS, { body: await change({ stranger: 1 }) });
  expect(stranger.json).toMatchObject({ error: { problems: [{ field: 'streaming.stranger' }] } });
});

test('a reader looks and changes nothing, and does not see what stands behind the question mark', async () => {
  await admin.ask('PUT', SETTINGS, { body: await change({ serverAddress: 'wss://a/?key=hunter4' }) });
  const reader = await portal.tokenClient({ role: 'reader' });
  const seen = await shown(reader);
  expect(seen.streaming.serverAddress).toBe('wss://a/?…');
  expect((await shown()).streaming.serverAddress).toBe('wss://a/?key=hunter4');
  const refused = [
    await reader.ask('PUT', SETTINGS, { body: await change({ sampleRate: 8000 }) }),
    await reader.ask('POST', `${SETTINGS}/versions/1/restore`),
    await reader.ask('POST', TEST, { body: { serverAddress: 'ws://a', secretName: 'A' } }),
  ];
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]);
  const nobody = [
    await portal.client().ask('GET', SETTINGS),
    await portal.client().ask('GET', `${SETTINGS}/versions`),
    await portal.client().ask('PUT', SETTINGS, { body: {} }),
    await portal.client().ask('POST', TEST, { body: {} }),
  ];
  expect(nobody.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  expect(await audited()).not.toContain('hunter');
});

describe('the connection test', () => {
  let server: Server;
  let seen: (string | undefined)[];
  let closed: number[];
  beforeEach(async () => {
    seen = [];
    closed = [];
    server = createServer();
    const sockets = new WebSocketServer({
      server,
      verifyClient: ({ req }, done) => {
        seen.push(req.headers['x-key'] as string | undefined);
        done(req.headers['x-key'] === 'hunter2', 401);
      },
    });
    sockets.on('connection', (socket) => socket.on('close', (code) => closed.push(code)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = () => `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const tried = async (body: object): Promise<ConnectionTestResult> => {
    const { status, json } = await admin.ask('POST', TEST, {
      body: { serverAddress: url(), secretName: 'X-Key', ...body },
    });
    expect(status).toBe(200);
    return json;
  };

  test('the saved secret, another one, none', async () => {
    const good = await tried({});
    expect(good).toMatchObject({ isGood: true, code: null, advice: null });
    expect(good.message).toMatch(
      /^The server accepted the connection in \d+ ms and answered a ping in \d+ ms\. The secret was sent as X-Key\.$/,
    );
    expect(await tried({ secretValue: 'wrong' })).toMatchObject({
      isGood: false,
      code: 'RECEIVER_WRONG_SECRET',
      message: expect.stringContaining('HTTP status 401'),
      advice: expect.stringContaining('Compare the name and the value'),
    });
    expect(await tried({ secretValue: null })).toMatchObject({ isGood: false, code: 'RECEIVER_WRONG_SECRET' });
    expect(seen).toEqual(['hunter2', 'wrong', undefined]);
    expect(closed).toEqual([1000]);
    const trail = await audited();
    expect(trail).toContain(`${url()}: RECEIVER_WRONG_SECRET`);
    expect(trail).not.toContain('hunter');
  });

  test('what cannot be dialled is named at its field', async () => {
    const body = { serverAddress: 'http://a', secretName: '', secretValue: 'a\nb' };
    const { status, json } = await admin.ask('POST', TEST, { body });
    expect(status).toBe(400);
    expect(json).toMatchObject({
      error: { problems: [{ field: 'serverAddress' }, { field: 'secretName' }, { field: 'secretValue' }] },
    });
  });

  test('only so many at once', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    // It takes the connection and never answers the upgrade.
    silent.on('upgrade', () => undefined);
    await new Promise((resolve) => silent.once('listening', resolve));
    const serverAddress = `ws://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    const ask = () => admin.ask('POST', TEST, { body: { serverAddress, secretName: 'X-Key' } });
    const answers = await Promise.all(Array.from({ length: 6 }, ask));
    silent.closeAllConnections();
    silent.close();
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 429, 429]);
    const timedOut = answers.find(({ status }) => status === 200);
    expect(timedOut?.json).toMatchObject({ isGood: false, code: 'RECEIVER_TIMEOUT' });
  }, 20_000);
});
