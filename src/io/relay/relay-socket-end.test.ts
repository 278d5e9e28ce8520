/** How a connection ends before its time, and what is said of it. */
import { afterEach, expect, test } from '@jest/globals';
import { until } from '../../../lab/until.js';
import { clearStage, LABEL, Receiver, Told } from '../../../test/relay-stage.js';

/** RFC 6455, 5.5.1. */
const CLOSE_1000 = Buffer.from([0x88, 2, 1000 >> 8, 1000 & 0xff]);

afterEach(clearStage);

test('reset', async () => {
  const receiver = await new Receiver().listen();
  const told = await new Told({ url: receiver.url }).open();
  receiver.socket.terminate();
  expect(await told.end()).toMatchObject({ orderly: false, problem: { code: 'RECEIVER_CONNECTION_LOST' } });
});

test('closed by the receiver, which says why', async () => {
  const receiver = await new Receiver().listen();
  const told = await new Told({ url: receiver.url }).open();
  receiver.socket.close(1001, 'going away');
  const { orderly, problem } = await told.end();
  expect({ orderly, message: problem?.message }).toEqual({
    orderly: false,
    message: expect.stringContaining('(1001 going away)'),
  });
});

test('a Close of the receiver that crosses ours is no answer to it: it says nothing about what was read', async () => {
  const receiver = await new Receiver().listen();
  const told = await new Told({ url: receiver.url }).open();
  receiver.socket.close(1011, 'out of memory');
  told.socket.close();
  const { orderly, problem } = await told.end();
  expect({ orderly, code: problem?.code }).toEqual({ orderly: false, code: 'RECEIVER_CONNECTION_LOST' });
});

test('a Close that came before ours is no answer to it, whatever its code: what waited for it is not written', async () => {
  const receiver = await new Receiver().listen();
  const told = await new Told({ url: receiver.url }).open();
  // The answer to its Close is not read, so that the connection stays as long as the test wants.
  receiver.socket.pause();
  receiver.wire.cork();
  receiver.socket.send('goodbye');
  receiver.wire.write(CLOSE_1000);
  receiver.wire.uncork();
  await until('its goodbye was read, and the Close with it', () => told.texts.length === 1);
  told.socket.send({ label: LABEL, pcm: undefined });
  told.socket.close();
  receiver.socket.resume();
  const { orderly, problem } = await told.end();
  expect({ orderly, code: problem?.code }).toEqual({ orderly: false, code: 'RECEIVER_CONNECTION_LOST' });
  expect(receiver.texts).toEqual([]);
});

test('nothing is told after an abort, not even of what was under way', async () => {
  const receiver = await new Receiver().listen();
  const told = await new Told({ url: receiver.url }).open();
  for (let n = 0; n < 100; n++) told.socket.send({ label: LABEL, pcm: new Int16Array(100_000) });
  told.socket.flush();
  receiver.socket.send('on its way');
  const before = told.flushed;
  told.socket.abort();
  told.socket.abort();
  await until('the receiver sees the end', () => receiver.closes.length === 1);
  expect(told).toMatchObject({ flushed: before, texts: [], ends: [] });
});
