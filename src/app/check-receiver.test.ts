/** The probe against real WebSocket servers, as good and as bad as they come. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { makeAuthority } from '../../test/certificates.js';
import { ListeningReceiver } from '../../test/e2e/listening-receiver.js';
import type { ReceiverFacts } from '../core/check/receiver-findings.js';
import { probeReceiver } from './check-receiver.js';

const DAY_MS = 86_400_000;
const undoing: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of undoing.splice(0)) await undo();
});

async function probe(url: string, changes: object = {}): Promise<ReceiverFacts> {
  const destination = { url, shownAs: url, secret: undefined, ca: undefined, ...changes };
  return probeReceiver(destination, new AbortController().signal);
}

async function listening(options: ConstructorParameters<typeof ListeningReceiver>[0]): Promise<ListeningReceiver> {
  const receiver = await new ListeningReceiver(options).start();
  undoing.push(() => receiver.stop());
  return receiver;
}

async function serving(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undoing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('a good one: opened with the secret, pinged, closed with 1000, no audio sent', async () => {
  const receiver = await listening({ sampleRate: 8000, secret: { name: 'x-key', value: 'right' } });
  const facts = await probe(receiver.address, { secret: { name: 'X-Key', value: 'right' } });
  expect(facts).toMatchObject({ problem: undefined, closedInOrder: true, certificateExpires: undefined });
  expect(facts.openMs).toBeGreaterThanOrEqual(0);
  expect(facts.pongMs).toBeGreaterThanOrEqual(0);
  expect(receiver.closeCodes).toEqual([1000]);
  expect([receiver.heard.size, receiver.faults]).toEqual([0, []]);
});

test('the wrong secret', async () => {
  const receiver = await listening({ sampleRate: 8000, secret: { name: 'x-key', value: 'right' } });
  const facts = await probe(receiver.address, { secret: { name: 'X-Key', value: 'wrong' } });
  expect(facts).toMatchObject({ openMs: undefined, problem: { code: 'RECEIVER_WRONG_SECRET' } });
  expect(JSON.stringify(facts)).not.toContain('wrong');
});

test('TLS: until when the certificate holds', async () => {
  const authority = makeAuthority();
  const receiver = await listening({ sampleRate: 8000, tls: authority.issue('localhost') });
  const facts = await probe(receiver.address, { ca: authority.ca });
  expect(Math.round(((facts.certificateExpires ?? 0) - Date.now()) / DAY_MS)).toBe(30);
  expect((await probe(receiver.address)).problem?.code).toBe('RECEIVER_CERTIFICATE');
});

test('a web server without a WebSocket', async () => {
  const url = await serving(createServer((_request, response) => void response.writeHead(404).end()));
  expect((await probe(url)).problem).toMatchObject({
    code: 'RECEIVER_REJECTED',
    message: expect.stringContaining('404'),
  });
});

test('a clock that is wrong, where the receiver tells the time', async () => {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  const date = new Date(Date.now() - 3_600_000).toUTCString();
  sockets.on('headers', (headers) => void headers.push(`Date: ${date}`));
  const { clockAheadMs } = await probe(await serving(server));
  expect(Math.round((clockAheadMs ?? 0) / 60_000)).toBe(-60);
});

test('one that answers no ping is given up on', async () => {
  const server = createServer();
  new WebSocketServer({ server, autoPong: false });
  const facts = await probe(await serving(server));
  expect(facts.openMs).toBeDefined();
  expect(facts).toMatchObject({ pongMs: undefined, closedInOrder: false });
}, 10_000);

test('when the check is interrupted, the connection is dropped at once', async () => {
  const held: Socket[] = [];
  const silent = createTcpServer((socket) => void held.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `ws://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  const stop = new AbortController();
  const facts = probeReceiver({ url, shownAs: url, secret: undefined, ca: undefined }, stop.signal);
  await once(silent, 'connection');
  stop.abort();
  expect(await facts).toMatchObject({ openMs: undefined });
  silent.close();
  for (const socket of held) socket.destroy();
});
