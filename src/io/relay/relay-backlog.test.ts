/**
 * What the operating system does not take at once. A receiver that reads nothing for a while: what waits for it is in memory
 * that others write into meanwhile.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { type WebSocket, WebSocketServer } from 'ws';
import { until } from '../../../lab/until.js';
import { makeAuthority } from '../../../test/certificates.js';
import { RelaySocket } from './relay-socket.js';

const LABEL = { callid: '17.1', callflow: '', number: '1', channelid: 'PJSIP/1' } as const;
const SAMPLES = 1920;
const MESSAGES = 2500;
const PING_EVERY = 500;
const WRITTEN = MESSAGES + MESSAGES / PING_EVERY;

const servers: Server[] = [];
const sockets: RelaySocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.abort();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

class Receiver {
  readonly sockets: WebSocket[] = [];
  readonly wires: Socket[] = [];
  readonly heard: number[] = [];
  readonly #server: Server;
  readonly #scheme: string;

  constructor(server: Server, scheme: string) {
    this.#server = server;
    this.#scheme = scheme;
    servers.push(server);
    new WebSocketServer({ server }).on('connection', (socket, { socket: wire }) => {
      this.sockets.push(socket);
      this.wires.push(wire);
      socket.on('message', (text) => this.heard.push(numberIn(String(text))));
    });
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }
}

/** All samples of a message are its number; NaN when they are not. */
function numberIn(text: string): number {
  const octets = Buffer.from(JSON.parse(text).audio, 'base64');
  const first = octets.readInt16LE();
  return octets.equals(Buffer.from(new Int16Array(SAMPLES).fill(first).buffer)) ? first : Number.NaN;
}

async function connected(url: string, ca?: string): Promise<{ socket: RelaySocket; flushed: () => number }> {
  let [isOpen, flushed] = [false, 0];
  const socket = new RelaySocket(
    { url, shownAs: url, secret: undefined, ca },
    {
      onOpen: () => {
        isOpen = true;
      },
      onFlushed: (count) => {
        flushed += count;
      },
      onPong: () => undefined,
      onText: () => undefined,
      onClosed: () => undefined,
    },
  );
  sockets.push(socket);
  await until('it is open', () => isOpen);
  return { socket, flushed: () => flushed };
}

function send(socket: RelaySocket, number: number): void {
  socket.send({ label: LABEL, pcm: new Int16Array(SAMPLES).fill(number) });
  // A server of `ws` drops a connection with many pings at once.
  if (number % PING_EVERY === 0) socket.ping(number);
  socket.flush();
}

test.each(['ws', 'wss'])(
  '%s: what waited comes as it was, and is told as taken only then',
  async (scheme) => {
    const authority = makeAuthority();
    const server = () => (scheme === 'ws' ? createServer() : createHttpsServer(authority.issue('127.0.0.1')));
    const receiver = await new Receiver(server(), scheme).listen();
    const slow = await connected(receiver.url, authority.ca);
    const [reader] = receiver.sockets;
    reader?.pause();
    const other = await new Receiver(server(), scheme).listen();
    const brisk = await connected(other.url, authority.ca);
    for (let n = 0; n < MESSAGES; n++) {
      send(slow.socket, n);
      send(brisk.socket, -n - 1);
      // So that the one connection is full, and the other is not.
      if (n % 100 === 99) await until('the other has come', () => other.heard.length === n + 1);
    }
    expect(slow.flushed()).toBeLessThan(WRITTEN);
    reader?.resume();
    await until('all has come', () => receiver.heard.length === MESSAGES);
    await until('all is told', () => slow.flushed() === WRITTEN);
    expect(receiver.heard).toEqual(Array.from({ length: MESSAGES }, (_, n) => n));
    expect(other.heard).toEqual(Array.from({ length: MESSAGES }, (_, n) => -n - 1));
  },
  30_000,
);

test('a message of which it has a part is not told as taken', async () => {
  const receiver = await new Receiver(createServer(), 'ws').listen();
  const { socket, flushed } = await connected(receiver.url);
  receiver.sockets[0]?.pause();
  socket.send({ label: LABEL, pcm: new Int16Array(8 * 1024 * 1024) });
  socket.flush();
  expect(flushed()).toBe(0);
  receiver.sockets[0]?.resume();
  await until('it is told', () => flushed() === 1);
});

test('what it refuses is not told as taken', async () => {
  const receiver = await new Receiver(createServer(), 'ws').listen();
  const { socket, flushed } = await connected(receiver.url);
  // Nothing is read between the two, so the reset is not known here yet.
  setImmediate(() => receiver.wires[0]?.resetAndDestroy());
  await new Promise<void>((resolve) => {
    setImmediate(() => {
      send(socket, 1);
      resolve();
    });
  });
  expect(flushed()).toBe(0);
});
