/** Many calls to one receiver: they dial it in turns. */
import { expect, test } from '@jest/globals';
import { APART_MS, ConnectionPace } from './connection-pace.js';
import { DELIVERY_LIMIT_MS, type RelayInput, type RelayOutput, RelaySession } from './relay-session.js';

const label = { callid: '1.1', callflow: '', number: '1', channelid: 'a' } as const;
const fragment = (value: number): RelayInput => ({
  kind: 'message',
  message: { label, pcm: Int16Array.of(value) },
});

function crowd(count: number): RelaySession[] {
  const pace = new ConnectionPace();
  return Array.from({ length: count }, () => new RelaySession({ capacity: 50, dice: () => 1, pace }));
}

const dials = (outputs: readonly RelayOutput[] = []): boolean => outputs.some(({ kind }) => kind === 'connect');

test('calls of a receiver that is there dial one after the other, and none waits for the answer to another', () => {
  crowd(500).forEach((relay, index) => {
    const at = index * APART_MS;
    const dialled = relay.handle(fragment(1), 0);
    expect(dials(at === 0 ? dialled : relay.handle({ kind: 'tick' }, at))).toBe(true);
  });
});

test('once it is gone, twenty dial in a second, and the others lose nothing while they wait for their turn', () => {
  const [first, ...sessions] = crowd(51);
  if (first === undefined) throw new Error('There is no crowd');
  first.handle(fragment(1), 0);
  refuse(first, [], 0);
  expect(sessions.filter((relay) => dials(relay.handle(fragment(1), 0)))).toHaveLength(19);
  const last = sessions.at(-1);
  expect(last?.nextWake()).toBe(2000);
  last?.handle(fragment(2), 1500);
  expect(dials(last?.handle({ kind: 'tick' }, 2000))).toBe(true);
  const sent = last?.handle({ kind: 'opened' }, 2010).flatMap((output) => (output.kind === 'send' ? [output] : []));
  expect(sent?.map(({ message }) => message.pcm?.[0])).toEqual([1, 2]);
});

test('a hundred whose receiver is gone go on dialling no more than twenty times a second, each again and again', () => {
  const sessions = crowd(100);
  const dialled = sessions.map((): number[] => []);
  sessions.forEach((relay, index) => {
    if (dials(relay.handle(fragment(1), 0))) refuse(relay, dialled[index], 0);
  });
  for (let now = 10; now <= 60_000; now += 10) {
    sessions.forEach((relay, index) => {
      const wake = relay.nextWake() ?? Number.POSITIVE_INFINITY;
      if (wake <= now && dials(relay.handle({ kind: 'tick' }, now))) refuse(relay, dialled[index], now);
    });
  }
  const all = dialled.flat().sort((one, other) => one - other);
  all.forEach((at, index) => {
    expect(at - (all[index - 20] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(1000);
  });
  expect(Math.min(...dialled.map(({ length }) => length))).toBeGreaterThan(5);
});

test('one whose call is over, and whose audio nobody wants, does not wait for ever', () => {
  const [first] = crowd(1);
  first?.handle(fragment(1), 0);
  first?.handle({ kind: 'closed', orderly: false }, 0);
  first?.handle({ kind: 'finish' }, 10);
  first?.handle({ kind: 'tick' }, 10 + DELIVERY_LIMIT_MS);
  expect(first?.state).toBe('over');
  expect(first?.nextWake()).toBeUndefined();
});

function refuse(relay: RelaySession, dialled: number[] | undefined, now: number): void {
  dialled?.push(now);
  relay.handle({ kind: 'closed', orderly: false }, now);
}
