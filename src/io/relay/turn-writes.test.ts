import { afterEach, expect, test } from '@jest/globals';
import { until } from '../../../lab/until.js';
import { clearStage, LABEL, Receiver, Told } from '../../../test/relay-stage.js';
import type { RelaySocket } from './relay-socket.js';
import { writeAtEndOfTurn, writeDue } from './turn-writes.js';

afterEach(clearStage);

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
  const receiver = await new Receiver().listen();
  const send = (socket: RelaySocket) => socket.send({ label: LABEL, pcm: Int16Array.of(1) });
  const told = await new Told({ url: receiver.url }, send).open();
  // Both come with one read.
  receiver.wire.cork();
  receiver.socket.send('now');
  receiver.socket.pong('1');
  receiver.wire.uncork();
  await until('the pong has come', () => told.pongs.length > 0);
  expect(told.flushedAtPongs).toEqual([1]);
});
