/** The portal's beginnings over the real portal: the code in the log, restarts, a lost password, a disk that is full. */
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { PortalAccess } from '../src/app/access/portal-access.js';
import type { PortalClient } from './portal-client.js';
import { ADMIN, RunningPortal, VERSION } from './running-portal.js';

const HOUR = 3_600_000;
const SESSION = '/api/v1/session';
const SETUP = '/api/v1/setup';
const USERS = '/api/v1/users';
const NO_LOG = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, isDebugEnabled: () => false };

const EVE = { name: 'eve', password: 'another long password', role: 'reader', mayListen: false };

let running: RunningPortal;
afterEach(() => running.close());

async function stateOf(client: PortalClient): Promise<string> {
  const { json } = await client.ask('GET', SESSION);
  return (json as { state: string }).state;
}

describe('the first start', () => {
  test('the code from the log makes an administrator, who is signed in', async () => {
    running = await RunningPortal.bare();
    const client = running.client();
    expect((await client.ask('GET', SESSION)).json).toEqual({
      state: 'setup-needed',
      user: null,
      csrfToken: null,
      version: '',
    });
    const body = { code: running.setupCode?.toLowerCase().replaceAll('-', ' '), ...ADMIN };
    const made = client.keep(await client.ask('POST', SETUP, { body }));
    expect(made.status).toBe(200);
    expect(made.json).toMatchObject({
      state: 'signed-in',
      user: { name: 'admin', role: 'admin', mayListen: true },
      version: VERSION,
    });
    expect((await client.ask('GET', USERS)).status).toBe(200);
    expect(await stateOf(running.client())).toBe('signed-out');
    const [entry] = await running.access.newest(1);
    expect(entry).toMatchObject({ by: 'admin', from: '127.0.0.1', action: 'set up as administrator' });
  });

  test('the code works once', async () => {
    running = await RunningPortal.bare();
    const code = running.setupCode;
    const set = (name: string) =>
      running.client().ask('POST', SETUP, { body: { code, name, password: ADMIN.password } });
    const both = await Promise.all([set('ann'), set('bob')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect((await set('eve')).json).toMatchObject({ error: { code: 'WRONG_CODE' } });
    expect(running.access.accounts.users()).toHaveLength(1);
  });

  test('a wrong code is refused, told in the trail, and cannot be guessed', async () => {
    running = await RunningPortal.bare();
    const tries: number[] = [];
    for (let n = 0; n < 8; n++) {
      const { status } = await running.client().ask('POST', SETUP, { body: { ...ADMIN, code: `AAAA-BBBB-CCC${n}` } });
      tries.push(status);
    }
    expect(tries).toEqual([403, 403, 403, 403, 403, 429, 429, 429]);
    const [entry] = await running.access.newest(1);
    expect(entry).toMatchObject({ by: 'nobody', action: 'set-up failed', detail: 'as an unknown user' });
    expect(running.access.accounts.users()).toEqual([]);
  });

  test('after a day there is another code', async () => {
    running = await RunningPortal.bare();
    const first = running.setupCode;
    running.clock.now = 24 * HOUR - 1;
    await running.access.sweep();
    expect(running.setupCode).toBe(first);
    running.clock.now = 24 * HOUR;
    expect(await stateOf(running.client())).toBe('signed-out');
    await running.access.sweep();
    expect(running.setupCode).not.toBe(first);
    const old = await running.client().ask('POST', SETUP, { body: { ...ADMIN, code: first } });
    expect(old.status).toBe(403);
    const made = await running.client().ask('POST', SETUP, { body: { ...ADMIN, code: running.setupCode } });
    expect(made.status).toBe(200);
  });

  test('a password that is too short does not cost the code', async () => {
    running = await RunningPortal.bare();
    const code = running.setupCode;
    const short = await running.client().ask('POST', SETUP, { body: { code, name: 'admin', password: 'short' } });
    expect(short.status).toBe(400);
    expect(short.json).toEqual({
      error: {
        code: 'INVALID',
        message: expect.any(String),
        problems: [{ field: 'password', message: 'must have at least 12 characters' }],
      },
    });
    expect((await running.client().ask('POST', SETUP, { body: { code, ...ADMIN } })).status).toBe(200);
  });

  test('with an administrator there is no code, whatever is sent', async () => {
    running = await RunningPortal.open();
    const { status } = await running
      .client()
      .ask('POST', SETUP, { body: { code: '', name: 'eve', password: ADMIN.password } });
    expect(status).toBe(403);
  });
});

describe('over a restart', () => {
  test('accounts stay, sessions do not, and nothing on the disk is a password or a token', async () => {
    running = await RunningPortal.open();
    const client = await running.adminClient();
    const program = await running.tokenClient();
    await running.portal.close();
    await running.access.close();
    const again = await RunningPortal.bare({ stateDir: running.stateDir });
    const back = again.client();
    back.cookie = client.cookie;
    expect(await stateOf(back)).toBe('signed-out');
    expect((await back.signIn(ADMIN.name, ADMIN.password)).status).toBe(200);
    back.token = program.token;
    expect((await back.ask('GET', USERS)).status).toBe(200);
    expect(again.setupCode).toBeUndefined();
    await again.close();
    const file = join(running.stateDir, 'access.json');
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain(ADMIN.password);
    expect(text).not.toContain(program.token);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(running.stateDir, 'audit.jsonl'))).mode & 0o777).toBe(0o600);
    const logged = JSON.stringify(running.lines);
    expect(logged).not.toContain(ADMIN.password);
    expect(logged).not.toContain(program.token);
  });

  test('accounts that cannot be read are an error, and nobody can begin anew', async () => {
    running = await RunningPortal.open();
    const file = join(running.stateDir, 'access.json');
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, -20));
    const opening = PortalAccess.open({ stateDir: running.stateDir, log: NO_LOG });
    await expect(opening).rejects.toMatchObject({ code: 'ACCESS_FILE_UNUSABLE' });
  });
});

describe('a lost password', () => {
  test('whoever may write to the state folder gets a code, and with it a new password', async () => {
    running = await RunningPortal.open();
    const client = await running.adminClient();
    const before = running.setupCode;
    await writeFile(join(running.stateDir, 'reset-access'), '');
    await running.access.sweep();
    expect(running.setupCode).not.toBe(before);
    const body = { code: running.setupCode, name: 'admin', password: 'this one I will keep' };
    expect(await stateOf(running.client())).toBe('setup-needed');
    expect((await running.client().ask('POST', SETUP, { body })).status).toBe(200);
    expect(await stateOf(client)).toBe('signed-out');
    expect((await running.client().signIn('admin', body.password)).status).toBe(200);
    expect(running.access.accounts.users()).toHaveLength(1);
    await running.access.sweep();
    expect(await stateOf(running.client())).toBe('signed-out');
  });

  test('when the wish is taken back, so is the code', async () => {
    running = await RunningPortal.open();
    const file = join(running.stateDir, 'reset-access');
    await writeFile(file, '');
    await running.access.sweep();
    await rm(file);
    await running.access.sweep();
    expect(await stateOf(running.client())).toBe('signed-out');
    const body = { ...ADMIN, code: running.setupCode };
    expect((await running.client().ask('POST', SETUP, { body })).status).toBe(403);
  });
});

test('what cannot be saved is not changed', async () => {
  running = await RunningPortal.open();
  const admin = await running.adminClient();
  // A folder in the place of the file that is about to be renamed.
  await running.access.accounts.saveSeen();
  const file = join(running.stateDir, 'access.json');
  await rm(file);
  await mkdir(join(file, 'in the way'), { recursive: true });
  const answer = await admin.ask('POST', USERS, { body: EVE });
  expect(answer).toMatchObject({ status: 500, json: { error: { code: 'NOT_SAVED' } } });
  expect(running.access.accounts.users().map(({ name }) => name)).toEqual(['admin']);
  await rm(file, { recursive: true });
  expect((await admin.ask('POST', USERS, { body: EVE })).status).toBe(201);
});
