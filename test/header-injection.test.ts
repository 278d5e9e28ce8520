/**
 * The name and the value of the secret become a header field of a request. Whatever would make more of it than one field, or
 * another field than it should be, is refused on every way by which a secret can come in; nothing is saved, nothing is dialled.
 */

import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { connectionTests } from '../src/app/connection-test.js';
import type { SettingsReloads } from '../src/app/reloads.js';
import { environmentName } from '../src/core/settings/settings-table.js';
import { readCommandLine } from '../src/io/command-line.js';
import { loadSettings } from '../src/io/settings/load-settings.js';
import { compatibleRoutes } from '../src/io/web/compatible-routes.js';
import type { CompatibleAnswer } from '../src/io/web/contract/compatible.js';
import type { SavedSettings } from '../src/io/web/contract/settings.js';
import { settingsRoutes } from '../src/io/web/settings-routes.js';
import type { PortalClient } from './portal-client.js';
import { RunningPortal } from './running-portal.js';
import { SavingProgram } from './saving-program.js';

jest.setTimeout(30_000);

const NO_LOG = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, isDebugEnabled: () => false };
const GOOD = { name: 'X-Api-Key', value: 'hush-hush-0815' };

/** Each takes the place of the good name, or of the good value. */
const BAD = [
  { name: 'X-Api-Key: 1\r\nX-Evil' },
  { name: 'X-Api-Key\r\n' },
  { name: 'X-Api-Key\n' },
  { name: 'X Api Key' },
  { name: 'X-Api-Key:' },
  { name: 'X-Äpi-Key' },
  { name: 'X-Api-Key\u0000' },
  { name: 'Host' },
  { name: 'CONNECTION' },
  { name: 'Transfer-Encoding' },
  { name: 'Content-Length' },
  { name: 'Sec-WebSocket-Protocol' },
  { name: 'x'.repeat(64) },
  { value: '1\r\nX-Evil: 2' },
  { value: '1\nX-Evil: 2' },
  { value: '1\r' },
  { value: ' 1' },
  { value: '1\u0000' },
  { value: '1\u007f' },
  // As Latin-1 these two would be a line break.
  { value: '1\u010d\u010aX-Evil: 2' },
  { value: 'ü' },
  { value: 'x'.repeat(256) },
].map((bad) => ({ ...GOOD, ...bad }));

let dialled = 0;
let receiver: Server;
let program: SavingProgram;
let reloads: SettingsReloads;
let portal: RunningPortal;
let admin: PortalClient;
beforeAll(async () => {
  receiver = createServer();
  receiver.on('connection', () => {
    dialled += 1;
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  receiver.close();
});
beforeEach(async () => {
  program = new SavingProgram();
  const started = program.start();
  reloads = started.reloads;
  const connection = connectionTests(() => reloads.inForce);
  const routes = [settingsRoutes(started.changes, connection), compatibleRoutes(started.changes, NO_LOG)];
  portal = await RunningPortal.open({ routes });
  admin = await portal.adminClient();
});
afterEach(async () => {
  await portal.close();
  program.remove();
});

/** The keys of the problems, when these settings are loaded. */
function problemsOf(secret: object, environment: Record<string, string> = {}, flags: readonly string[] = []): string[] {
  const streaming = { serverAddress: 'ws://a/', secret };
  program.writeFile({ asterisk: { password: 'p' }, streaming });
  const file = join(program.folder, 'config.json');
  const line = readCommandLine(['start', ...flags], { version: '1', writeOut: () => {}, writeError: () => {} });
  const loaded = loadSettings({ file, environment, flags: 'flags' in line ? line.flags : new Map() });
  return 'problems' in loaded ? loaded.problems.map(({ key }) => key) : [];
}

const isNameBad = ({ name }: typeof GOOD): boolean => name !== GOOD.name;
const keyOf = (bad: typeof GOOD): string => (isNameBad(bad) ? 'streaming.secret.name' : 'streaming.secret.value');

test('the good one comes in on every way', async () => {
  expect(problemsOf(GOOD)).toEqual([]);
  expect(problemsOf({}, { [environmentName('streaming.secret.value')]: GOOD.value })).toEqual([]);
  expect(problemsOf({}, {}, ['--streaming-secret-name', GOOD.name, '--streaming-secret-value', GOOD.value])).toEqual(
    [],
  );
});

test.each(BAD)('settings file: %j', (bad) => {
  expect(problemsOf(bad)).toEqual([keyOf(bad)]);
});

test.each(BAD)('environment: %j', (bad) => {
  const environment = {
    [environmentName('streaming.secret.name')]: bad.name,
    [environmentName('streaming.secret.value')]: bad.value,
  };
  expect(problemsOf({}, environment)).toEqual([keyOf(bad)]);
});

test.each(BAD)('flags: %j', (bad) => {
  const flags = [`--streaming-secret-name=${bad.name}`, `--streaming-secret-value=${bad.value}`];
  expect(problemsOf({}, {}, flags)).toEqual([keyOf(bad)]);
  // The receiver's own flag, which is not a setting.
  const line = ['receive', `--secret=${bad.name}=${bad.value}`];
  expect(readCommandLine(line, { version: '1', writeOut: () => {}, writeError: () => {} }).command).toBe('none');
});

test.each(BAD.filter((bad) => !isNameBad(bad)))('a file that holds the value: %j', ({ value }) => {
  writeFileSync(join(program.folder, 'bad'), value);
  expect(problemsOf({ valueFile: 'bad' })).toEqual(['streaming.secret.valueFile']);
});

test.each(BAD)('what was saved, changed by hand: %j', async (bad) => {
  const version = {
    revision: 1,
    savedAt: '2026-11-22T12:00:00Z',
    savedBy: 'anna',
    changed: [],
    values: { 'streaming.secret.name': bad.name, 'streaming.secret.value': bad.value },
  };
  const given = reloads.readNow([version]);
  expect(given).toMatchObject({ problems: [{ key: keyOf(bad) }] });
});

test.each(BAD)('the page and the API: %j', async (bad) => {
  const { json: shown } = await admin.ask('GET', '/api/v1/settings');
  const { revision, streaming } = shown as SavedSettings;
  const { secretIsSet: _, ...form } = streaming;
  const sent = { revision, streaming: { ...form, secretName: bad.name, secretValue: bad.value } };
  const { status, text } = await admin.ask('PUT', '/api/v1/settings', { body: sent });
  expect([status, text]).toEqual([400, expect.stringContaining(isNameBad(bad) ? 'secretName' : 'secretValue')]);
  expect(reloads.inForce.streaming.secret).toEqual({ name: 'X-Key', value: 'hunter2' });
});

test.each(BAD)('the connection test, which saves nothing: %j', async (bad) => {
  const serverAddress = `ws://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const sent = { serverAddress, secretName: bad.name, secretValue: bad.value };
  const { status } = await admin.ask('POST', '/api/v1/settings/test', { body: sent });
  expect(status).toBe(400);
  expect(dialled).toBe(0);
});

test.each(BAD)('the compatible API: %j', async (bad) => {
  const client = await portal.tokenClient();
  const path = `/openapi/v1.0/websocketaudiostream/update?access_token=${client.token}`;
  client.token = undefined;
  const { json } = await client.ask('POST', path, { body: { auth_key: bad.name, auth_value: bad.value } });
  expect((json as CompatibleAnswer).errcode).not.toBe(0);
  expect(reloads.inForce.streaming.secret).toEqual({ name: 'X-Key', value: 'hunter2' });
});
