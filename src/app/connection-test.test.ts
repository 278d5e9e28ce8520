import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { type WebSocket, WebSocketServer } from 'ws';
import { makeAuthority } from '../../test/certificates.js';
import { testConnection } from './connection-test.js';

const servers: (Server | TcpServer)[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
});

async function portOf(server: Server | TcpServer): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A WebSocket server that does this with each connection. */
async function receiver(onSocket: (socket: WebSocket) => void, options: { autoPong?: boolean } = {}): Promise<string> {
  const server = createServer();
  new WebSocketServer({ server, ...options }).on('connection', onSocket);
  return `ws://127.0.0.1:${await portOf(server)}/`;
}

const dial = (url: string, limitMs?: number) =>
  testConnection({ url, shownAs: url, secret: undefined, ca: undefined }, limitMs);

test('a good one, without a secret', async () => {
  const told: string[] = [];
  const url = await receiver((socket) => socket.on('message', (text) => told.push(String(text))));
  const result = await dial(url);
  expect(result).toMatchObject({
    isGood: true,
    code: null,
    advice: null,
    message: expect.stringContaining('No secret was sent.'),
  });
  expect(result.milliseconds).toBeLessThan(6000);
  expect(told).toEqual([]);
});

test('refused, unknown, not HTTP, another status: each in words, with advice', async () => {
  const free = createTcpServer();
  const port = await portOf(free);
  await new Promise((resolve) => free.close(resolve));
  const gibberish = createTcpServer((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
  const web = createServer((_request, response) => response.writeHead(404).end());
  const cases = [
    [`ws://127.0.0.1:${port}/`, 'RECEIVER_REFUSED', 'ECONNREFUSED'],
    ['ws://nosuch.invalid/', 'RECEIVER_UNREACHABLE', 'nosuch.invalid'],
    [`ws://127.0.0.1:${await portOf(gibberish)}/`, 'RECEIVER_REJECTED', 'Parse Error'],
    [`ws://127.0.0.1:${await portOf(web)}/`, 'RECEIVER_REJECTED', 'HTTP status 404'],
  ] as const;
  for (const [url, code, words] of cases) {
    const result = await dial(url);
    expect(result).toMatchObject({
      isGood: false,
      code,
      advice: expect.any(String),
      message: expect.stringContaining(words),
    });
  }
});

test('TLS: an unknown authority, another name, a server without TLS; the authority that is named is trusted', async () => {
  const authority = makeAuthority();
  const server = createHttpsServer(authority.issue('127.0.0.1'));
  new WebSocketServer({ server });
  const url = `wss://127.0.0.1:${await portOf(server)}/`;
  expect(await dial(url)).toMatchObject({ isGood: false, code: 'RECEIVER_CERTIFICATE' });
  expect(await testConnection({ url, shownAs: url, secret: undefined, ca: authority.ca })).toMatchObject({
    isGood: true,
  });

  const unverified = await testConnection({ url, shownAs: url, secret: undefined, ca: undefined, insecure: true });
  expect(unverified).toMatchObject({ isGood: true, advice: expect.stringContaining('is not verified') });

  const other = createHttpsServer(authority.issue('pbx.example.com'));
  const otherUrl = `wss://127.0.0.1:${await portOf(other)}/`;
  const wrongName = await testConnection({ url: otherUrl, shownAs: otherUrl, secret: undefined, ca: authority.ca });
  expect(wrongName).toMatchObject({
    isGood: false,
    code: 'RECEIVER_CERTIFICATE_NAME',
    message: expect.stringContaining('it is made for DNS:pbx.example.com'),
  });

  const plain = `wss://127.0.0.1:${await portOf(createServer())}/`;
  expect(await dial(plain)).toMatchObject({
    isGood: false,
    code: 'RECEIVER_TLS',
    advice: expect.stringContaining('ws://'),
  });
});

test('one that takes the connection and ends it says why', async () => {
  const url = await receiver((socket) => socket.close(1008, 'bad token'));
  expect(await dial(url)).toMatchObject({
    isGood: false,
    code: 'RECEIVER_CONNECTION_LOST',
    message: expect.stringContaining('1008 bad token'),
    advice: expect.stringContaining('wrong secret'),
  });
});

test('one that answers no ping is no receiver', async () => {
  const url = await receiver(() => undefined, { autoPong: false });
  expect(await dial(url, 300)).toMatchObject({
    isGood: false,
    code: 'RECEIVER_TIMEOUT',
    message: expect.stringContaining('answered no ping'),
  });
});

test('one that answers pings but not the end is good, with a remark', async () => {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    // A receiver that never answers a Close frame.
    (socket as unknown as { _receiver: { removeAllListeners(name: string): void } })._receiver.removeAllListeners(
      'conclude',
    );
  });
  const url = `ws://127.0.0.1:${await portOf(server)}/`;
  expect(await dial(url, 500)).toMatchObject({ isGood: true, advice: expect.stringContaining('Close frame') });
});

test('silence ends with the limit', async () => {
  const silent = createTcpServer(() => undefined);
  const sockets: { destroy(): void }[] = [];
  silent.on('connection', (socket) => sockets.push(socket));
  const result = await dial(`ws://127.0.0.1:${await portOf(silent)}/`, 300);
  for (const socket of sockets) socket.destroy();
  expect(result).toMatchObject({ isGood: false, code: 'RECEIVER_TIMEOUT', message: expect.stringContaining('0.3 s') });
  expect(result.milliseconds).toBeGreaterThanOrEqual(299);
});
