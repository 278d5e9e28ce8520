/**
 * What the operating system does not take at once. A receiver that reads nothing for a while: what waits for it is in memory
 * that others write into meanwhile.
 */
import { afterEach, expect, test } from '@jest/globals';
import { until } from '../../../lab/until.js';
import { makeAuthority } from '../../../test/certificates.js';
import { clearStage, LABEL, Receiver, Told } from '../../../test/relay-stage.js';
import type { RelaySocket } from './relay-socket.js';

const SAMPLES = 1920;
const MESSAGES = 2500;
const PING_EVERY = 500;
const WRITTEN = MESSAGES + MESSAGES / PING_EVERY;

afterEach(clearStage);

/** All samples of a message are its number; NaN when they are not. */
function numberIn(text: string): number {
  const octets = Buffer.from(JSON.parse(text).audio, 'base64');
  const first = octets.readInt16LE();
  return octets.equals(Buffer.from(new Int16Array(SAMPLES).fill(first).buffer)) ? first : Number.NaN;
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
    const identity = scheme === 'ws' ? undefined : authority.issue('127.0.0.1');
    const receiver = await new Receiver(identity).listen();
    const slow = await new Told({ url: receiver.url, ca: authority.ca }).open();
    receiver.socket.pause();
    const other = await new Receiver(identity).listen();
    const brisk = await new Told({ url: other.url, ca: authority.ca }).open();
    for (let n = 0; n < MESSAGES; n++) {
      send(slow.socket, n);
      send(brisk.socket, -n - 1);
      // So that the one connection is full, and the other is not.
      if (n % 100 === 99) await until('the other has come', () => other.texts.length === n + 1);
    }
    expect(slow.flushed).toBeLessThan(WRITTEN);
    receiver.socket.resume();
    await until('all has come', () => receiver.texts.length === MESSAGES);
    await until('all is told', () => slow.flushed === WRITTEN);
    expect(receiver.texts.map(numberIn)).toEqual(Array.from({ length: MESSAGES }, (_, n) => n));
    expect(other.texts.map(numberIn)).toEqual(Array.from({ length: MESSAGES }, (_, n) => -n - 1));
  },
  30_000,
);

test('a message of which it has a part is not told as taken', async () => {
  const receiver = await new Receiver().listen();
  const told = await new Told({ url: receiver.url }).open();
  receiver.socket.pause();
  told.socket.send({ label: LABEL, pcm: new Int16Array(8 * 1024 * 1024) });
  told.socket.flush();
  expect(told.flushed).toBe(0);
  receiver.socket.resume();
  await until('it is told', () => told.flushed === 1);
});

test('what it refuses is not told as taken', async () => {
  const receiver = await new Receiver().listen();
  const told = await new Told({ url: receiver.url }).open();
  // Nothing is read between the two, so the reset is not known here yet.
  setImmediate(() => receiver.wire.resetAndDestroy());
  await new Promise<void>((resolve) => {
    setImmediate(() => {
      send(told.socket, 1);
      resolve();
    });
  });
  expect(told.flushed).toBe(0);
});
