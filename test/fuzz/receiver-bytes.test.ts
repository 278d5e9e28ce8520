/** Whatever a receiver sends after the handshake, or in its place: the connection ends once, in words, and nothing throws. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type RelayEnd, RelaySocket } from '../../src/io/relay/relay-socket.js';
import { runs } from './runs.js';

/** RFC 6455, 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** What the server answers with, and then sends before it hangs up. */
interface Behaviour {
  readonly answer: 'right' | 'none' | string;
  readonly octets: Uint8Array;
}

let behaviour: Behaviour = { answer: 'right', octets: new Uint8Array() };
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', (request) => answer(socket, request.toString('latin1')));
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
});

function answer(socket: Socket, request: string): void {
  const { answer: how, octets } = behaviour;
  const [, key = ''] = /sec-websocket-key: (\S+)/i.exec(request) ?? [];
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  const upgrade = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
  if (how !== 'none') socket.write(how === 'right' ? upgrade : how, 'latin1');
  socket.end(octets);
}

const frame = fc
  .record({
    first: fc.nat(255),
    length: fc.oneof(fc.nat(125), fc.constantFrom(126, 127)),
    payload: fc.uint8Array({ maxLength: 200 }),
  })
  .map(({ first, length, payload }) => Uint8Array.from([first, length, ...payload]));
/** Well-formed frames of every kind, Close with odd codes among them. */
const good = fc
  .record({ opcode: fc.constantFrom(1, 2, 8, 9, 10), payload: fc.uint8Array({ maxLength: 125 }) })
  .map(({ opcode, payload }) => Uint8Array.from([0x80 | opcode, payload.length, ...payload]));
const octets = fc
  .array(fc.oneof(frame, good, fc.uint8Array({ maxLength: 50 })), { maxLength: 8 })
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));
const status = fc.constantFrom('200 OK', '301 Moved', '401 Unauthorized', '429 Too Many', '503 Busy', '999 Odd', 'x');
const answers = fc.oneof(
  { weight: 3, arbitrary: fc.constant('right') },
  fc.constant('none'),
  status.map((line) => `HTTP/1.1 ${line}\r\nLocation: ws://127.0.0.1:1/\r\n\r\n`),
  fc.string({ unit: 'binary' }),
);

test('every connection ends once, and says why', async () => {
  await fc.assert(
    fc.asyncProperty(answers, octets, async (how, sent) => {
      behaviour = { answer: how, octets: sent };
      const ends: RelayEnd[] = [];
      await new Promise<void>((resolve) => {
        const { port } = server.address() as AddressInfo;
        const url = `ws://127.0.0.1:${port}/`;
        const socket = new RelaySocket(
          { url, shownAs: url, secret: { name: 'Secret', value: 's' }, ca: undefined },
          {
            onOpen: () => {
              socket.ping(1);
            },
            onFlushed: () => undefined,
            onPong: () => undefined,
            onText: () => undefined,
            onClosed: (end) => {
              ends.push(end);
              resolve();
            },
          },
        );
      });
      expect(ends).toHaveLength(1);
      expect(ends[0]?.orderly === true || ends[0]?.problem !== undefined).toBe(true);
    }),
    runs(0.5),
  );
});
