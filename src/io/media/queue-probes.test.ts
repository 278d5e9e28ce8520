import { expect, test } from '@jest/globals';
import { until } from '../../../lab/until.js';
import { QueueProbes } from './queue-probes.js';

/** A socket whose queue a test reads when it likes: the kernel's cannot be made to wait, or to be full, at will. */
function queue() {
  const sent: Buffer[] = [];
  return { sent, probes: new QueueProbes((probe) => void sent.push(Buffer.from(probe))) };
}

test('who waits is called when a probe is read that was sent after that', () => {
  const { sent, probes } = queue();
  const called: string[] = [];
  probes.afterAllReceived(() => called.push('one'));
  probes.afterAllReceived(() => called.push('other'));
  const [first = Buffer.of(), second = Buffer.of()] = sent;
  expect([probes.take(first), called]).toEqual([true, ['one']]);
  expect([probes.take(second), called]).toEqual([true, ['one', 'other']]);
  expect([probes.take(second), called]).toEqual([true, ['one', 'other']]);
});

test('a probe that is lost is followed by another, which does for all', async () => {
  const { sent, probes } = queue();
  let called = 0;
  probes.afterAllReceived(() => {
    called += 1;
  });
  probes.afterAllReceived(() => {
    called += 1;
  });
  await until('another is sent', () => sent.length > 2);
  expect(called).toBe(0);
  expect(probes.take(sent.at(-1) ?? Buffer.of())).toBe(true);
  expect(called).toBe(2);
});

test('a machine on which none comes back is not waited for more than once', async () => {
  const { sent, probes } = queue();
  let called = 0;
  const count = (): void => {
    called += 1;
  };
  probes.afterAllReceived(count);
  await until('it is given up', () => called === 1);
  const before = sent.length;
  probes.afterAllReceived(count);
  expect([called, sent.length]).toEqual([2, before]);
});

test('what is no probe of this socket is left to others, whatever it holds', () => {
  const { sent, probes } = queue();
  const other = queue();
  probes.afterAllReceived(() => undefined);
  other.probes.afterAllReceived(() => undefined);
  const [own = Buffer.of(), strange = Buffer.of()] = [sent[0], other.sent[0]];
  for (const datagram of [Buffer.of(), strange, own.subarray(1), Buffer.concat([own, Buffer.of(0)])]) {
    expect(probes.take(datagram)).toBe(false);
  }
  probes.close();
  other.probes.close();
});
