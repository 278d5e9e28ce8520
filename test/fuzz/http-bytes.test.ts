/** Whatever octets come to the page's port, before and after the upgrade to a WebSocket: the page goes on for everybody else. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { liveRoutes } from '../../src/io/web/live-routes.js';
import type { RouteModule } from '../../src/io/web/route.js';
import type { PortalClient } from '../portal-client.js';
import { RunningPortal } from '../running-portal.js';
import { runs } from './runs.js';

let portal: RunningPortal;
let client: PortalClient;
/** How many live pages are watched now. */
let watched = 0;
beforeAll(async () => {
  const live = {
    watch: () => {
      watched += 1;
      return () => {
        watched -= 1;
      };
    },
  };
  const routes: RouteModule[] = [liveRoutes(live, { listen: () => undefined })];
  portal = await RunningPortal.open({ routes });
  client = await portal.adminClient();
});
afterAll(() => portal.close());

/** Sends octets and hangs up once there is an answer, or the other side has; gives what came. */
async function exchange(octets: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    let came = '';
    const socket = connect(portal.portal.port, '127.0.0.1', () => socket.end(octets));
    socket.on('data', (chunk) => {
      came += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(came));
    // A request that is not whole is waited for, for 15 s; that it is given up is another test's.
    socket.setTimeout(50, () => socket.destroy());
  });
}

const line = fc.constantFrom(
  'GET / HTTP/1.1',
  'POST /api/v1/session HTTP/1.1',
  'PUT /api/v1/settings HTTP/1.0',
  'GET http://elsewhere/ HTTP/1.1',
  'OPTIONS * HTTP/1.1',
  'CONNECT a:1 HTTP/1.1',
  'PRI * HTTP/2.0',
  'GET /%ff%00/../ HTTP/9.9',
);
const header = fc.constantFrom(
  'Host: 127.0.0.1',
  'Host: evil',
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: chunked, identity',
  'Upgrade: websocket',
  'Connection: Upgrade, close',
  'Expect: 100-continue',
  'Cookie: a=b; a=c; =; __proto__=1',
  'Content-Type: application/json',
  `X-Long: ${'x'.repeat(20_000)}`,
  ' folded',
  'No colon',
);
const http = fc
  .record({ line, headers: fc.array(header, { maxLength: 6 }), body: fc.uint8Array({ maxLength: 40 }) })
  .map(({ line: first, headers, body }) =>
    Buffer.concat([Buffer.from(`${[first, ...headers].join('\r\n')}\r\n\r\n`), body]),
  );

test('octets of every kind: HTTP that is nearly right, and what is none', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(http, fc.uint8Array({ maxLength: 200 })), async (octets) => {
      const came = await exchange(octets);
      expect(came).not.toMatch(/^HTTP\/1\.[01] 5/);
      expect(came).not.toContain('    at ');
    }),
    runs(0.1),
  );
  expect((await client.ask('GET', '/healthz')).status).toBe(200);
  expect(portal.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

const frame = fc
  .record({ first: fc.nat(255), length: fc.nat(255), rest: fc.uint8Array({ maxLength: 150 }) })
  .map(({ first, length, rest }) => Buffer.from([first, length, ...rest]));

test('frames of every kind at the live WebSocket: it ends, and nobody else is disturbed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 6 }), async (frames) => {
      const head = [
        'GET /api/v1/live HTTP/1.1',
        `Host: 127.0.0.1:${portal.portal.port}`,
        `Origin: http://127.0.0.1:${portal.portal.port}`,
        `Cookie: ${client.cookie}`,
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      ];
      const came = await exchange(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), ...frames]));
      // After so many requests of one address the rest is refused for a while.
      expect(came).toMatch(/^HTTP\/1\.1 (101|429|503)/);
    }),
    runs(0.1),
  );
  expect(portal.lines.filter(({ level }) => level === 'error')).toEqual([]);
  expect(watched).toBe(0);
});
