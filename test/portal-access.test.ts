/** Users, passwords and sessions over the real portal. */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { PortalClient } from './portal-client.js';
import { ADMIN, RunningPortal } from './running-portal.js';

const MINUTE = 60_000;
const SESSION = '/api/v1/session';
const USERS = '/api/v1/users';

let running: RunningPortal;
afterEach(() => running.close());

async function stateOf(client: PortalClient): Promise<string> {
  const { json } = await client.ask('GET', SESSION);
  return (json as { state: string }).state;
}

/** What was done, the newest first, without its time. */
async function trail(): Promise<string[]> {
  const entries = await running.access.newest(100);
  return entries.map(({ by, from, action, detail }) => `${by} (${from}) ${action}: ${detail}`);
}

function reader(name: string): object {
  return { name, password: 'another long password', role: 'reader', mayListen: false };
}

describe('signing in', () => {
  test('needs the right name and password, and says no more when it fails', async () => {
    running = await RunningPortal.open();
    const answers = [
      await running.client().signIn('admin', 'wrong horse battery'),
      await running.client().signIn('nobody', ADMIN.password),
      await running.client().signIn('', ''),
    ];
    for (const { status, json, headers } of answers) {
      expect({ status, json }).toEqual({
        status: 401,
        json: { error: { code: 'WRONG_PASSWORD', message: 'The name or the password is wrong.' } },
      });
      expect(headers['set-cookie']).toBeUndefined();
    }
    expect((await running.client().signIn('ADMIN', ADMIN.password)).status).toBe(200);
    expect(await trail()).toEqual([
      'admin (127.0.0.1) signed in: ',
      'nobody (127.0.0.1) sign-in failed: as an unknown user',
      'nobody (127.0.0.1) sign-in failed: as an unknown user',
      'nobody (127.0.0.1) sign-in failed: as admin',
    ]);
  });

  test('gives a cookie that scripts, other sites and other paths do not get', async () => {
    running = await RunningPortal.open({ basePath: '/audio' });
    const { headers } = await running.client().signIn(ADMIN.name, ADMIN.password);
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^aas-session-\d+=[\w-]{43}; Path=\/audio; HttpOnly; SameSite=Strict$/),
    ]);
  });

  test('a session that was there before is over', async () => {
    running = await RunningPortal.open();
    const client = await running.adminClient();
    const before = client.cookie ?? '';
    await client.signIn(ADMIN.name, ADMIN.password);
    expect(client.cookie).not.toBe(before);
    const old = running.client();
    old.cookie = before;
    expect(await stateOf(old)).toBe('signed-out');
  });

  test('a hundred guesses at once are not more than one after another', async () => {
    running = await RunningPortal.open();
    const guesses = Array.from({ length: 100 }, (_, n) => running.client().signIn('admin', `guess number ${n}`));
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(95);
    // The right one has to wait too, until its time has come.
    expect(await running.client().signIn(ADMIN.name, ADMIN.password)).toMatchObject({
      headers: { 'retry-after': '1' },
      json: { error: { code: 'TOO_MANY_TRIES', message: 'Too many wrong tries. Try again in 1 second.' } },
    });
    running.clock.now += 1_000;
    expect((await running.client().signIn(ADMIN.name, ADMIN.password)).status).toBe(200);
  });
});

describe('a session', () => {
  test('ends when it is not used for half an hour', async () => {
    running = await RunningPortal.open();
    const client = await running.adminClient();
    running.clock.now += 30 * MINUTE - 1;
    expect((await client.ask('GET', USERS)).status).toBe(200);
    running.clock.now += 30 * MINUTE;
    const { status, json } = await client.ask('GET', USERS);
    expect({ status, json }).toMatchObject({ status: 401, json: { error: { code: 'NOT_SIGNED_IN' } } });
  });

  test('ends after twelve hours of use', async () => {
    running = await RunningPortal.open();
    const client = await running.adminClient();
    for (let hours = 0; hours < 12; hours += 0.25) {
      expect((await client.ask('GET', USERS)).status).toBe(200);
      running.clock.now += 15 * MINUTE;
    }
    expect((await client.ask('GET', USERS)).status).toBe(401);
  });

  test('ends with the sign-out, also for who has kept the cookie', async () => {
    running = await RunningPortal.open();
    const client = await running.adminClient();
    const { cookie } = client;
    const out = client.keep(await client.ask('DELETE', SESSION));
    expect(out.status).toBe(204);
    expect(client.cookie).toBeUndefined();
    client.cookie = cookie;
    expect((await client.ask('GET', USERS)).status).toBe(401);
    expect((await trail())[0]).toBe('admin (127.0.0.1) signed out: ');
  });

  test.each(['', 'x', '"', '%00', 'a'.repeat(4000)])('is not that of a cookie made up: %.20j', async (content) => {
    running = await RunningPortal.open();
    const client = await running.adminClient();
    const [name] = client.cookie?.split('=') ?? [];
    expect((await client.ask('GET', USERS, { headers: { cookie: `${name}=${content}` } })).status).toBe(401);
  });
});

describe('a password', () => {
  const PASSWORD = '/api/v1/session/password';

  test('is changed by its owner, whose other sessions end', async () => {
    running = await RunningPortal.open();
    const [here, elsewhere] = [await running.adminClient(), await running.adminClient()];
    const change = { present: ADMIN.password, next: 'a fresh long password' };
    expect((await here.ask('PUT', PASSWORD, { body: change })).status).toBe(204);
    expect(await stateOf(here)).toBe('signed-in');
    expect(await stateOf(elsewhere)).toBe('signed-out');
    expect((await running.client().signIn(ADMIN.name, ADMIN.password)).status).toBe(401);
    expect((await running.client().signIn(ADMIN.name, change.next)).status).toBe(200);
  });

  test('is not changed without the present one, which cannot be guessed here either', async () => {
    running = await RunningPortal.open();
    const client = await running.adminClient();
    const change = { present: 'not my password', next: 'a fresh long password' };
    const answers: number[] = [];
    for (let n = 0; n < 7; n++) answers.push((await client.ask('PUT', PASSWORD, { body: change })).status);
    expect(answers).toEqual([400, 400, 400, 400, 400, 429, 429]);
    expect((await trail())[0]).toBe('nobody (127.0.0.1) password change failed: as admin');
  });

  test('of a token there is none', async () => {
    running = await RunningPortal.open();
    const program = await running.tokenClient();
    const change = { present: ADMIN.password, next: 'a fresh long password' };
    expect((await program.ask('PUT', PASSWORD, { body: change })).status).toBe(403);
  });

  test("of another user is set by an administrator, and ends that user's sessions; of their own it is not", async () => {
    running = await RunningPortal.open();
    const admin = await running.adminClient();
    await admin.ask('POST', USERS, { body: reader('eve') });
    const eve = running.client();
    await eve.signIn('eve', 'another long password');
    const body = { password: 'set by the administrator' };
    expect((await admin.ask('PATCH', `${USERS}/eve`, { body })).status).toBe(200);
    expect(await stateOf(eve)).toBe('signed-out');
    expect((await running.client().signIn('eve', body.password)).status).toBe(200);
    expect((await admin.ask('PATCH', `${USERS}/admin`, { body })).json).toMatchObject({
      error: { problems: [{ field: 'password' }] },
    });
  });
});

describe('users', () => {
  test('are added, changed at once, and removed with their sessions', async () => {
    running = await RunningPortal.open();
    const admin = await running.adminClient();
    const added = await admin.ask('POST', USERS, { body: reader('eve') });
    expect(added.status).toBe(201);
    expect(added.json).toEqual({
      name: 'eve',
      role: 'reader',
      mayListen: false,
      createdAt: expect.any(String),
      lastSeenAt: null,
    });
    const eve = running.client();
    await eve.signIn('eve', 'another long password');
    expect((await eve.ask('GET', USERS)).status).toBe(403);
    await admin.ask('PATCH', `${USERS}/eve`, { body: { role: 'admin' } });
    expect((await eve.ask('GET', USERS)).status).toBe(200);
    expect((await admin.ask('DELETE', `${USERS}/eve`)).status).toBe(204);
    expect((await eve.ask('GET', USERS)).status).toBe(401);
    expect((await trail()).slice(0, 4)).toEqual([
      'admin (127.0.0.1) removed a user: eve',
      'admin (127.0.0.1) changed a user: eve, admin, may not listen',
      'eve (127.0.0.1) signed in: ',
      'admin (127.0.0.1) added a user: eve, reader, may not listen',
    ]);
  });

  test('the last administrator stays', async () => {
    running = await RunningPortal.open();
    const admin = await running.adminClient();
    const refused = { status: 409, json: { error: { code: 'LAST_ADMIN' } } };
    expect(await admin.ask('DELETE', `${USERS}/admin`)).toMatchObject(refused);
    expect(await admin.ask('PATCH', `${USERS}/admin`, { body: { role: 'reader' } })).toMatchObject(refused);
    expect(await admin.ask('POST', USERS, { body: reader('Admin') })).toMatchObject({
      status: 409,
      json: { error: { code: 'NAME_TAKEN' } },
    });
    expect((await admin.ask('DELETE', `${USERS}/nobody`)).status).toBe(404);
  });

  test.each(['', ' ', 'a b', '-a', 'a'.repeat(65), '<b>', '../x', 'a\n'])('are not called %j', async (name) => {
    running = await RunningPortal.open();
    const admin = await running.adminClient();
    const { status, json } = await admin.ask('POST', USERS, { body: reader(name) });
    expect({ status, json }).toMatchObject({ status: 400, json: { error: { problems: [{ field: 'name' }] } } });
  });
});
