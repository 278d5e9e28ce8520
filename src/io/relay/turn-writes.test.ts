import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { until } from '../../../lab/until.js';
import { RelaySocket } from './relay-socket.js';
import { writeAtEndOfTurn, writeDue } from './turn-writes.js';

test('all that waits is flushed once, in order, when the turn is over', async () => {
  const flushed: string[] = [];
  const writer = (name: string) => ({ flush: () => flushed.push(name) });
  writeAtEndOfTurn(writer('first'));
  queueMicrotask(() => writeAtEndOfTurn(writer('second')));
  process.nextTick(() => expect(flushed).toEqual([]));
  await until('they are flushed', () => flushed.length >= 2);
  writeDue();
  expect(flushed).toEqual(['first', 'second']);
});

test('what a flush brings about is flushed with it', () => {
  const flushed: string[] = [];
  const last = { flush: () => flushed.push('last') };
  writeAtEndOfTurn({
    flush: () => {
      flushed.push('first');
      writeAtEndOfTurn(last);
    },
  });
  writeDue();
  expect(flushed).toEqual(['first', 'last']);
});

test('a pong that was made up confirms nothing that is still to be written', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (receiver, { socket: wire }) => {
    // Both come with one read.
    wire.cork();
    receiver.send('now');
    receiver.pong('1');
    wire.uncork();
  });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const label = { callid: '17.1', callflow: '', number: '1', channelid: 'PJSIP/1' } as const;
  let taken = 0;
  const takenBefore: number[] = [];
  const socket: RelaySocket = new RelaySocket(
    { url, shownAs: url, secret: undefined, ca: undefined },
    {
      onOpen: () => undefined,
      onFlushed: (count) => {
        taken += count;
      },
      onPong: () => takenBefore.push(taken),
      onText: () => socket.send({ label, pcm: Int16Array.of(1) }),
      onClosed: () => undefined,
    },
  );
  try {
    await until('the pong has come', () => takenBefore.length > 0);
    expect(takenBefore).toEqual([1]);
  } finally {
    socket.abort();
    server.close();
  }
});
