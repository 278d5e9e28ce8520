/** The portal's WebSockets over the real portal: they end at once with what they came in by. */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { WebSocket } from 'ws';
import { until } from '../lab/until.js';
import type { RouteModule } from '../src/io/web/route.js';
import type { PortalClient } from './portal-client.js';
import { RunningPortal } from './running-portal.js';

const MINUTE = 60_000;
const FEED = '/api/v1/feed';
const PASSWORD = 'another long password';
const SIGNED_OUT = 4401;

const feed: RouteModule = (api) => {
  api.get(FEED, { websocket: true, config: { needs: 'look' } }, (socket, request) => {
    socket.send(request.asking.name);
  });
  api.get('/api/v1/plain', { config: { needs: 'look' } }, async () => 'plain');
};

let running: RunningPortal;
afterEach(() => running.close());

interface Feed {
  readonly socket: WebSocket;
  /** The code of its close, once it is closed. */
  code: number | undefined;
}

async function feedOf(client: PortalClient): Promise<Feed> {
  const { socket, status } = await client.upgrade(FEED);
  if (socket === undefined) throw new Error(`no WebSocket: ${status}`);
  const opened: Feed = { socket, code: undefined };
  socket.on('close', (code) => {
    opened.code = code;
  });
  return opened;
}

async function open(): Promise<{ admin: PortalClient; eve: PortalClient }> {
  running = await RunningPortal.open({ routes: [feed] });
  await running.access.accounts.addUser({ name: 'eve', password: PASSWORD, role: 'reader', mayListen: true });
  const eve = running.client();
  await eve.signIn('eve', PASSWORD);
  return { admin: await running.adminClient(), eve };
}

async function endsWith(code: number, ending: Feed): Promise<void> {
  expect(await until('the close', () => ending.code, 3_000)).toBe(code);
}

test('a WebSocket knows who it is', async () => {
  const { eve } = await open();
  const { socket, messages } = await eve.upgrade(FEED);
  await until('the name', () => messages[0] === 'eve', 3_000);
  socket?.terminate();
});

describe('ends at once', () => {
  test('with the sign-out of its session, and no other does', async () => {
    const { admin, eve } = await open();
    const [hers, his, other] = [await feedOf(eve), await feedOf(admin), await feedOf(await running.adminClient())];
    await admin.ask('DELETE', '/api/v1/session');
    await endsWith(SIGNED_OUT, his);
    // A request that comes back shows that whatever else was to be closed has been.
    await eve.ask('GET', '/healthz');
    expect([hers.code, other.code]).toEqual([undefined, undefined]);
    hers.socket.terminate();
    other.socket.terminate();
  });

  test.each([
    ['is removed', 'DELETE', undefined],
    ['may no longer listen', 'PATCH', { mayListen: false }],
    ['gets another role', 'PATCH', { role: 'admin' }],
    ['gets another password', 'PATCH', { password: 'set by the administrator' }],
  ])('when its user %s', async (_, method, body) => {
    const { admin, eve } = await open();
    const hers = await feedOf(eve);
    expect((await admin.ask(method, '/api/v1/users/eve', { body })).status).toBeLessThan(300);
    await endsWith(SIGNED_OUT, hers);
  });

  test('when its token is revoked, whose next request is refused as well', async () => {
    const { admin } = await open();
    const [program, other] = [await running.tokenClient(), await running.tokenClient()];
    const [its, others] = [await feedOf(program), await feedOf(other)];
    const [first] = running.access.accounts.tokens();
    expect((await admin.ask('DELETE', `/api/v1/tokens/${first?.id}`)).status).toBe(204);
    expect((await program.ask('GET', '/api/v1/plain')).status).toBe(401);
    await endsWith(SIGNED_OUT, its);
    expect((await other.ask('GET', '/api/v1/plain')).status).toBe(200);
    expect(others.code).toBeUndefined();
    others.socket.terminate();
  });

  test('when its session has not been used for half an hour: a page that nobody looks at', async () => {
    const { admin } = await open();
    const his = await feedOf(admin);
    running.clock.now += 30 * MINUTE;
    await running.access.sweep();
    await endsWith(SIGNED_OUT, his);
  });

  test('when the program ends', async () => {
    const { admin } = await open();
    const his = await feedOf(admin);
    const begun = performance.now();
    await running.portal.close();
    expect(performance.now() - begun).toBeLessThan(1_900);
    await endsWith(1001, his);
  });
});

test('a client that answers no goodbye does not hold the program up', async () => {
  const { admin } = await open();
  const { socket } = await feedOf(admin);
  socket.pause();
  const begun = performance.now();
  await running.portal.close();
  expect(performance.now() - begun).toBeLessThan(4_000);
  socket.terminate();
});

test('what is no WebSocket does not become one, and what is one is no page', async () => {
  const { admin } = await open();
  for (const path of ['/api/v1/plain', '/api/v1/nothing', '/', '/healthz']) {
    expect({ path, status: (await admin.upgrade(path)).status }).toEqual({ path, status: 404 });
  }
  expect((await admin.ask('GET', FEED)).status).toBe(404);
});

test('a client that sends what nobody asked for is cut off', async () => {
  const { admin } = await open();
  const his = await feedOf(admin);
  his.socket.on('error', () => undefined);
  his.socket.send('x'.repeat(100_000));
  await until('the close', () => his.code, 3_000);
  expect(his.code).toBe(1009);
});

test('a hundred WebSockets are enough', async () => {
  const { admin } = await open();
  const feeds = await Promise.all(Array.from({ length: 100 }, () => feedOf(admin)));
  const oneMore = await feedOf(admin);
  expect(await until('the close', () => oneMore.code, 3_000)).toBe(4429);
  expect(feeds.filter(({ code }) => code !== undefined)).toEqual([]);
  for (const { socket } of feeds) socket.terminate();
  const again = await until('room again', async () => {
    const next = await feedOf(admin);
    await admin.ask('GET', '/healthz');
    return next.code === undefined && next;
  });
  again.socket.terminate();
});
