/** The portal behind a reverse proxy, and with TLS of its own: what it believes, what it calls itself, what it gives a browser. */
import { createServer, request as httpRequest, type Server } from 'node:http';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { hostname } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { PortalOptions } from '../src/io/web/portal-options.js';
import type { RouteModule } from '../src/io/web/route.js';
import { makeAuthority } from './certificates.js';
import { PortalClient } from './portal-client.js';
import { ADMIN, RunningPortal } from './running-portal.js';

const SESSION = '/api/v1/session';
const USERS = '/api/v1/users';
const FEED = '/api/v1/feed';

const feed: RouteModule = (api) => {
  api.get(FEED, { websocket: true, config: { needs: 'look' } }, (socket) => socket.send('hello'));
};

let running: RunningPortal;
let proxy: Server | undefined;
afterEach(async () => {
  proxy?.closeAllConnections();
  proxy?.close();
  proxy = undefined;
  await running.close();
});

/** As nginx does it: hands on the path as it is, says for whom, and passes upgrades through. It stands for one with TLS. */
async function openProxy(said: Record<string, string>): Promise<string> {
  const target = () => ({ host: '127.0.0.1', port: running.portal.port });
  const headersOf = (headers: object) => ({ ...headers, 'x-forwarded-for': '203.0.113.9', ...said });
  const server = createServer(({ method, url, headers, ...incoming }, outgoing) => {
    void incoming;
    const onward = httpRequest({ ...target(), method, path: url, headers: headersOf(headers) }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    outgoing.req.pipe(onward);
  });
  server.on('upgrade', ({ url, headers }, client) => {
    const socket = connectTcp(target(), () => {
      const lines = Object.entries(headersOf(headers)).map(([name, value]) => `${name}: ${String(value)}\r\n`);
      socket.write(`GET ${url} HTTP/1.1\r\n${lines.join('')}\r\n`);
      socket.pipe(client);
      client.pipe(socket);
    });
    for (const end of [socket, client]) end.on('error', () => end.destroy());
    client.on('close', () => socket.destroy());
    socket.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = server;
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A browser that has opened https://pbx.example.com/audio/, which the proxy ends the TLS of. */
async function browser(choices: Partial<PortalOptions>): Promise<PortalClient> {
  running = await RunningPortal.open({ basePath: '/audio', routes: [feed], ...choices });
  const through = await openProxy({ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'pbx.example.com' });
  return new PortalClient(`${through}/audio/`);
}

const OUR_PAGE = { origin: 'https://pbx.example.com' };
const TRUSTING = { trustedProxies: ['127.0.0.0/8'], hosts: ['pbx.example.com'] };

describe('behind a proxy that is trusted', () => {
  test('the whole way: page, sign-in, change, WebSocket', async () => {
    const client = await browser(TRUSTING);
    expect((await client.ask('GET', '/')).text).toContain('<base href="/audio/">');
    const signedIn = client.keep(await client.ask('POST', SESSION, { headers: OUR_PAGE, body: ADMIN }));
    expect(signedIn.headers['set-cookie']).toEqual([
      expect.stringMatching(/; Path=\/audio; HttpOnly; Secure; SameSite=Strict$/),
    ]);
    const body = { name: 'eve', password: 'another long password', role: 'reader', mayListen: false };
    expect((await client.ask('POST', USERS, { headers: OUR_PAGE, body })).status).toBe(201);
    const { status, socket } = await client.upgrade(FEED, OUR_PAGE);
    expect(status).toBe(101);
    socket?.terminate();
    const [entry] = await running.access.newest(1);
    expect(entry).toMatchObject({ action: 'added a user', from: '203.0.113.9' });
  });

  test('pages of the proxy under http, and others, are not ours', async () => {
    const client = await browser(TRUSTING);
    for (const origin of ['http://pbx.example.com', 'https://evil.example', client.origin]) {
      const { status, json } = await client.ask('POST', SESSION, { headers: { origin }, body: ADMIN });
      expect({ status, json }).toMatchObject({ status: 403, json: { error: { code: 'FOREIGN_PAGE' } } });
    }
  });

  test('each client behind it is held back for itself', async () => {
    running = await RunningPortal.open(TRUSTING);
    const wrong = (from: string) =>
      running.client().ask('POST', SESSION, {
        headers: { 'x-forwarded-for': from },
        body: { name: 'nobody', password: 'wrong' },
      });
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) statuses.push((await wrong('203.0.113.9')).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await wrong('203.0.113.10')).status).toBe(401);
    // What the client itself has put before that of the proxy is not believed.
    expect((await wrong('203.0.113.77, 203.0.113.9')).status).toBe(429);
  });

  test('a name that was not given is not ours', async () => {
    const client = await browser({ ...TRUSTING, hosts: [] });
    const { status, json } = await client.ask('GET', '/');
    expect({ status, json }).toMatchObject({ status: 421, json: { error: { message: /web\.hosts/ } } });
  });
});

test('a proxy that is not trusted: its page is taken for a foreign one, with advice', async () => {
  const client = await browser({});
  const { status, json } = await client.ask('POST', SESSION, { headers: OUR_PAGE, body: ADMIN });
  expect({ status, json }).toMatchObject({
    status: 403,
    json: { error: { code: 'FOREIGN_PAGE', message: /docs\/portal-security\.md/ } },
  });
});

describe('under a base path', () => {
  test('everything is there, and nothing elsewhere but for the watcher', async () => {
    running = await RunningPortal.open({ basePath: '/a/b' });
    const outside = new PortalClient(new URL(running.portal.address).origin);
    expect(running.portal.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/a\/b\/$/);
    expect((await outside.ask('GET', '/a/b/')).status).toBe(200);
    expect((await outside.ask('GET', '/a/b/healthz')).json).toEqual({ status: 'ok' });
    expect((await outside.ask('GET', '/healthz')).json).toEqual({ status: 'ok' });
    expect((await outside.ask('GET', `/a/b${SESSION}`)).status).toBe(200);
    for (const path of ['/', SESSION, '/a', '/a/', '/a/bc/', '/api/v1']) {
      expect({ path, status: (await outside.ask('GET', path)).status }).toEqual({ path, status: 404 });
    }
    const { status, headers } = await outside.ask('GET', '/a/b');
    expect({ status, location: headers.location }).toEqual({ status: 308, location: '/a/b/' });
  });
});

describe('with TLS', () => {
  const authority = makeAuthority();

  test('cookies are for https alone, and the browser is told to stay with it', async () => {
    running = await RunningPortal.open({ tls: authority.issue('127.0.0.1'), routes: [feed] });
    expect(running.portal.address).toMatch(/^https:/);
    const client = running.client(authority.ca);
    const { headers } = await client.signIn(ADMIN.name, ADMIN.password);
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/; Path=\/; HttpOnly; Secure; SameSite=Strict$/)]);
    expect(headers['strict-transport-security']).toBe('max-age=15552000');
    expect((await client.ask('GET', USERS)).status).toBe(200);
    const { status, socket } = await client.upgrade(FEED);
    expect(status).toBe(101);
    socket?.terminate();
    expect((await client.upgrade(FEED, { origin: client.origin.replace('https', 'http') })).status).toBe(403);
  });

  test('of an old version there is none', async () => {
    running = await RunningPortal.open({ tls: authority.issue('127.0.0.1') });
    const { port } = running.portal;
    const versions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const socket = connectTls({ host: '127.0.0.1', port, ca: authority.ca, ...versions });
    const failed = await new Promise<string>((resolve) => {
      socket.once('secureConnect', () => resolve('connected'));
      socket.once('error', ({ message }) => resolve(message));
    });
    expect(failed).toMatch(/protocol version|unsupported protocol|alert/i);
    socket.destroy();
  });

  test('a renewed certificate is shown to whoever comes from then on', async () => {
    running = await RunningPortal.open({ tls: authority.issue('127.0.0.1') });
    const other = makeAuthority('another');
    running.portal.useCertificate(other.issue('127.0.0.1'));
    expect((await running.client(other.ca).ask('GET', '/healthz')).status).toBe(200);
    await expect(running.client(authority.ca).ask('GET', '/healthz')).rejects.toThrow(/certificate/);
  });

  test("a key that is another certificate's is an error of the settings", async () => {
    running = await RunningPortal.open();
    const tls = { cert: authority.issue('127.0.0.1').cert, key: authority.issue('127.0.0.1').key };
    await expect(RunningPortal.open({ tls, stateDir: running.stateDir })).rejects.toMatchObject({
      code: 'PORTAL_CERTIFICATE_UNUSABLE',
      blame: 'settings',
    });
  });
});

test('an address that cannot be had is an error, and says why', async () => {
  running = await RunningPortal.open();
  const again = (host: string, port: number) =>
    RunningPortal.open({ listen: { host, port }, stateDir: running.stateDir });
  const taken = again('127.0.0.1', running.portal.port);
  await expect(taken).rejects.toMatchObject({ code: 'PORTAL_LISTEN_FAILED', blame: 'machine' });
  await expect(taken).rejects.toThrow(`127.0.0.1:${running.portal.port}: another program uses this port`);
  await expect(again('192.0.2.1', 0)).rejects.toThrow('192.0.2.1:0: this machine has no such address');
});

test('whoever opens it to other machines without TLS is warned', async () => {
  running = await RunningPortal.open({ listen: { host: '0.0.0.0', port: 0 } });
  expect(running.lines.filter(({ message }) => /without TLS/.test(message))).toHaveLength(1);
  expect(running.portal.address).toBe(`http://${hostname()}:${running.portal.port}/`);
});
