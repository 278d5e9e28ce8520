/** What an attacker would try, over the real portal: other pages, other names, paths that climb, bodies that are none. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { RouteModule } from '../src/io/web/route.js';
import type { PortalClient } from './portal-client.js';
import { RunningPortal } from './running-portal.js';

const THINGS = '/api/v1/things';
const SESSION = '/api/v1/session';

const things: RouteModule = (api) => {
  const body = z.strictObject({ name: z.string().max(10), sizes: z.array(z.number().int()).optional() });
  api.get(THINGS, { config: { needs: 'look' } }, async () => ({ read: true }));
  api.put(THINGS, { config: { needs: 'change' }, schema: { body } }, async ({ body: given }) => given);
  api.delete(THINGS, { config: { needs: 'change' } }, async () => ({ gone: true }));
  api.get('/api/v1/broken', { config: { needs: 'look' } }, async () => {
    throw new Error('the database at 10.0.0.7 says hunter2');
  });
  api.get('/api/v1/feed', { websocket: true, config: { needs: 'look' } }, (socket) => socket.send('hello'));
};

let running: RunningPortal;
let admin: PortalClient;
beforeAll(async () => {
  running = await RunningPortal.open({ routes: [things] });
  admin = await running.adminClient();
});
afterAll(() => running.close());

const GOOD = { name: 'x' };

function put(headers: Record<string, string>, client = admin) {
  return client.ask('PUT', THINGS, { headers, body: GOOD });
}

describe('another page', () => {
  test('our own may change something', async () => {
    expect(await put({})).toMatchObject({ status: 200, json: GOOD });
    expect((await admin.ask('DELETE', THINGS)).status).toBe(200);
  });

  test.each([
    ['no token', { 'x-csrf-token': '' }],
    ['a wrong token', { 'x-csrf-token': 'x'.repeat(43) }],
    ['no token, and no origin', { 'x-csrf-token': '', origin: '' }],
  ])('%s', async (_, headers) => {
    expect(await put(headers)).toMatchObject({ status: 403, json: { error: { code: 'CSRF' } } });
  });

  test('the token of another session', async () => {
    const other = await running.adminClient();
    expect((await put({ 'x-csrf-token': other.csrfToken ?? '' })).status).toBe(403);
  });

  test.each([
    'https://evil.example',
    'null',
    'http://127.0.0.1',
    'http://127.0.0.1:1',
    'http://localhost:8090',
    'file://',
    'x',
    'http://evil.example, http://127.0.0.1',
  ])('a page of %s, even with the right token', async (origin) => {
    expect(await put({ origin })).toMatchObject({ status: 403, json: { error: { code: 'FOREIGN_PAGE' } } });
  });

  test('https instead of http is another page', async () => {
    expect((await put({ origin: admin.origin.replace('http', 'https') })).status).toBe(403);
  });

  test.each(['cross-site', 'same-site'])('a browser that says %s instead of the origin', async (site) => {
    expect((await put({ origin: '', 'sec-fetch-site': site })).status).toBe(403);
    expect((await put({ origin: '', 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  test('cannot sign anybody in, or out', async () => {
    const body = { name: 'admin', password: 'correct horse battery' };
    const headers = { origin: 'https://evil.example' };
    expect((await running.client().ask('POST', SESSION, { headers, body })).status).toBe(403);
    expect((await admin.ask('DELETE', SESSION, { headers })).status).toBe(403);
    expect((await admin.ask('GET', THINGS)).status).toBe(200);
  });

  test('is told nothing by way of CORS', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'PUT' };
    const { headers: answer } = await admin.ask('OPTIONS', THINGS, { headers });
    expect(Object.keys(answer).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('gets no WebSocket: its origin must be ours, and be there', async () => {
    for (const origin of ['https://evil.example', 'null', '', 'http://127.0.0.1:1']) {
      expect({ origin, status: (await admin.upgrade('/api/v1/feed', { origin })).status }).toEqual({
        origin,
        status: 403,
      });
    }
    const ours = await admin.upgrade('/api/v1/feed');
    expect(ours.status).toBe(101);
    ours.socket?.terminate();
  });

  test('a token needs no page, since no browser sends it by itself', async () => {
    const program = await running.tokenClient();
    expect((await put({ origin: '' }, program)).status).toBe(200);
    const { status, socket } = await program.upgrade('/api/v1/feed', { origin: '' });
    expect(status).toBe(101);
    socket?.terminate();
  });

  test('a wrong token is not made good by a cookie', async () => {
    for (const authorization of ['Bearer aas_x', 'Bearer', 'Basic YWRtaW46eA==', `Bearer ${'x'.repeat(5000)}`]) {
      expect((await admin.ask('GET', THINGS, { headers: { authorization } })).status).toBe(401);
    }
  });
});

describe('another name', () => {
  test.each([
    'evil.example',
    'evil.example:8090',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'x@127.0.0.1',
    '[::1',
    'a b',
    '127.1',
  ])('%s is not ours', async (host) => {
    const { status, text } = await running.client().ask('GET', '/', { headers: { host } });
    expect(status).toBe(421);
    expect(text).not.toContain('<');
  });

  test.each(['localhost', 'localhost:8090', 'LOCALHOST', '127.0.0.1:1', '[::1]:8090', '192.0.2.7', 'localhost.'])(
    '%s is',
    async (host) => {
      expect((await running.client().ask('GET', '/', { headers: { host } })).status).toBe(200);
    },
  );

  test('only the watcher asks by any name, and not by hiding behind its path', async () => {
    const headers = { host: 'evil.example' };
    expect((await running.client().ask('GET', '/healthz', { headers })).json).toEqual({ status: 'ok' });
    for (const path of ['/api/v1/session?x=/healthz', '/?/healthz', '/api/v1/session#/healthz', '/healthz/']) {
      expect((await running.client().ask('GET', path, { headers })).status).toBe(421);
    }
  });
});

test.each([
  '/../package.json',
  '/..%2f..%2fpackage.json',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/assets/../../package.json',
  '/assets/..%5c..%5cpackage.json',
  '/....//....//etc/passwd',
  '//etc/passwd',
  '/etc/passwd%00.js',
  '/.git/config',
  '/%c0%ae%c0%ae/etc/passwd',
  '/assets/%252e%252e/package.json',
])('a path that climbs finds nothing: %s', async (path) => {
  const { status, text } = await running.client().ask('GET', path);
  expect([200, 400, 404]).toContain(status);
  expect(text).not.toMatch(/root:|"dependencies"|repositoryformatversion/);
  // What looks like a view of the page gets the page, and nothing else.
  if (status === 200) expect(text).toContain('<base href="/">');
});

describe('a body', () => {
  const send = (body: string | Buffer, headers: Record<string, string> = {}) =>
    admin.ask('PUT', THINGS, { headers, body });

  test.each([
    ['cut', '{"name": "x"', 400, 'NOT_JSON'],
    ['empty', '', 400, 'NOT_JSON'],
    ['no JSON', '<xml/>', 400, 'NOT_JSON'],
    ['a prototype', '{"name": "x", "__proto__": {"role": "admin"}}', 400, 'NOT_JSON'],
    ['a constructor', '{"name": "x", "constructor": {"prototype": {"role": "admin"}}}', 400, 'NOT_JSON'],
    ['null', 'null', 400, 'INVALID'],
    ['a list', '[]', 400, 'INVALID'],
    ['nested without end', '['.repeat(100_000), 400, 'NOT_JSON'],
    ['too large', JSON.stringify({ name: 'x'.repeat(300_000) }), 413, 'TOO_LARGE'],
  ])('that is %s', async (_, body, status, code) => {
    expect(await send(body)).toMatchObject({ status, json: { error: { code } } });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'of the type %s, which a foreign form could send',
    async (type) => {
      expect(await send('{"name": "x"}', { 'content-type': type })).toMatchObject({
        status: 415,
        json: { error: { code: 'NOT_JSON' } },
      });
    },
  );

  test('with faults has each of them named at its field', async () => {
    const { status, json } = await send(
      '{"name": "far too long a name", "sizes": [1, "2", 3.5], "extra": 1, "<b>": 2}',
    );
    expect(status).toBe(400);
    const { error } = json as { error: { problems: { field: string }[] } };
    expect(error.problems.map(({ field }) => field).sort()).toEqual(['<b>', 'extra', 'name', 'sizes.1', 'sizes.2']);
  });
});

/** Whatever is written comes back, until the portal closes; what is no HTTP can't be sent by a client of HTTP. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(running.portal.port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (piece) => {
      answer += piece;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

describe('headers', () => {
  const LAST = 'Connection: close\r\n\r\n';
  test.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['without a host', `GET / HTTP/1.1\r\n${LAST}`, 400],
    ['without end', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n${LAST}`, 431],
    [
      'two lengths',
      `POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n${LAST}{}`,
      400,
    ],
    [
      'a length and chunks',
      `POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n${LAST}0\r\n\r\n`,
      400,
    ],
    ['a broken line', `GET / HTTP/1.1\r\nHost: localhost\r\nX y\r\n${LAST}`, 400],
    ['an address that cannot be read', `GET /%zz HTTP/1.1\r\nHost: localhost\r\n${LAST}`, 400],
    ['a method that there is not', `HACK / HTTP/1.1\r\nHost: localhost\r\n${LAST}`, 400],
  ])('%s', async (_, text, status) => {
    const answer = await raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).not.toMatch(/fastify|node|at .*\.js/i);
  });

  test('of a proxy that is not trusted mean nothing', async () => {
    const headers = {
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
    };
    const client = running.client();
    const { status } = await client.ask('POST', SESSION, { headers, body: { name: 'admin', password: 'a wrong one' } });
    expect(status).toBe(401);
    const [entry] = await running.access.newest(1);
    expect(entry).toMatchObject({ action: 'sign-in failed', from: '127.0.0.1' });
  });
});

test('an error inside tells nothing of itself, but to the log', async () => {
  const { status, text } = await admin.ask('GET', '/api/v1/broken');
  expect(status).toBe(500);
  expect(text).toBe(
    '{"error":{"code":"UNEXPECTED","message":"Something went wrong here. The log of the program says more."}}',
  );
  const line = running.lines.findLast(({ level }) => level === 'error');
  expect(line?.fields).toMatchObject({ code: 'UNEXPECTED', path: '/api/v1/broken', error: { message: /hunter2/ } });
});

test('no answer names the program, or its version, to a stranger', async () => {
  for (const path of ['/', '/healthz', SESSION, THINGS, '/api/v1', '/nothing.here']) {
    const { headers, text } = await running.client().ask('GET', path);
    expect(headers.server).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
    expect(text).not.toContain('9.8.7');
  }
});

test('too many requests of one address are refused for a while', async () => {
  const busy = await RunningPortal.open();
  try {
    const client = busy.client();
    const statuses = new Map<number, number>();
    for (let n = 0; n < 1_250; n += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => client.ask('GET', '/healthz')));
      for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(Object.fromEntries(statuses)).toEqual({ 200: 1_200, 429: 50 });
    const { headers, json } = await client.ask('GET', '/healthz');
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(json).toMatchObject({ error: { code: 'TOO_MANY_REQUESTS' } });
  } finally {
    await busy.close();
  }
});
