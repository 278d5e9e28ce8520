import { describe, expect, test } from '@jest/globals';
import { Deliveries } from './deliveries.js';
import type { OutgoingMessage } from './outbox.js';
import { RelaySession } from './relay-session.js';

const label = { callid: '1', callflow: '' as const, number: '1001', channelid: 'PJSIP/1001-1' };
const FRAGMENT: OutgoingMessage = { label, pcm: new Int16Array(640) };
const END: OutgoingMessage = { label, pcm: undefined };

function setUp() {
  const deliveries = new Deliveries();
  const session = new RelaySession({ capacity: 100, dice: () => 0, deliveries });
  return { deliveries, session };
}

const countsOf = ({ messages, fragments, octets, delay }: Deliveries) => ({
  messages,
  fragments,
  octets,
  sum: delay.sum,
});

describe('what the operating system has taken', () => {
  test('is counted when it says so, in the order of sending, pings apart', () => {
    const { deliveries, session } = setUp();
    session.handle({ kind: 'message', message: FRAGMENT }, 1000);
    session.handle({ kind: 'message', message: FRAGMENT }, 1040);
    // Sent with a ping behind them.
    const sent = session.handle({ kind: 'opened' }, 1100).map(({ kind }) => kind);
    expect(sent).toEqual(['send', 'send', 'ping']);
    expect(countsOf(deliveries)).toEqual({ messages: 0, fragments: 0, octets: 0, sum: 0 });
    session.handle({ kind: 'flushed', count: 1 }, 1101);
    expect(countsOf(deliveries)).toEqual({ messages: 1, fragments: 1, octets: 1280, sum: 0.101 });
    session.handle({ kind: 'flushed', count: 1 }, 1110);
    const two = { messages: 2, fragments: 2, octets: 2560, sum: expect.closeTo(0.171, 6) };
    expect(countsOf(deliveries)).toEqual(two);
    session.handle({ kind: 'message', message: FRAGMENT }, 1120);
    // That was the ping.
    session.handle({ kind: 'flushed', count: 1 }, 1121);
    expect(countsOf(deliveries)).toEqual(two);
    session.handle({ kind: 'flushed', count: 1 }, 1140);
    expect(countsOf(deliveries)).toMatchObject({ fragments: 3, sum: expect.closeTo(0.191, 6) });
  });

  test('counts a fragment once, and the first time, however often it is sent', () => {
    const { deliveries, session } = setUp();
    session.handle({ kind: 'message', message: FRAGMENT }, 0);
    session.handle({ kind: 'opened' }, 5);
    session.handle({ kind: 'flushed', count: 1 }, 6);
    session.handle({ kind: 'closed', orderly: false }, 10);
    session.handle({ kind: 'tick' }, session.nextWake() ?? 0);
    session.handle({ kind: 'opened' }, 1000);
    session.handle({ kind: 'flushed', count: 1 }, 1001);
    expect(countsOf(deliveries)).toEqual({ messages: 2, fragments: 1, octets: 1280, sum: 0.006 });
    expect(session.outbox.counts.resent).toBe(1);
  });

  test('leaves out what a broken connection took along before the system had it', () => {
    const { deliveries, session } = setUp();
    session.handle({ kind: 'message', message: FRAGMENT }, 0);
    session.handle({ kind: 'opened' }, 5);
    session.handle({ kind: 'closed', orderly: false }, 10);
    // News of the old connection's socket, which cannot come.
    session.handle({ kind: 'flushed', count: 1 }, 11);
    expect(deliveries.messages).toBe(0);
    session.handle({ kind: 'tick' }, session.nextWake() ?? 0);
    session.handle({ kind: 'opened' }, 500);
    session.handle({ kind: 'flushed', count: 1 }, 500);
    expect(countsOf(deliveries)).toEqual({ messages: 1, fragments: 1, octets: 1280, sum: 0.5 });
  });

  test('is all of it once the receiver has answered our Close, and an end is a message but no fragment', () => {
    const { deliveries, session } = setUp();
    session.handle({ kind: 'message', message: FRAGMENT }, 0);
    session.handle({ kind: 'opened' }, 5);
    session.handle({ kind: 'message', message: END }, 6);
    session.handle({ kind: 'finish' }, 7);
    expect(deliveries.messages).toBe(0);
    const [over] = session.handle({ kind: 'closed', orderly: true }, 20);
    expect(over).toEqual({ kind: 'over', why: 'delivered' });
    expect(countsOf(deliveries)).toEqual({ messages: 2, fragments: 1, octets: 1280, sum: 0.02 });
  });
});

test('the oldest message is the one that has waited longest, of all participants', () => {
  const { session } = setUp();
  expect(session.outbox.oldestPushedAt).toBeUndefined();
  session.handle({ kind: 'message', message: FRAGMENT }, 100);
  const other = { ...FRAGMENT, label: { ...label, channelid: 'PJSIP/1002-1' } };
  session.handle({ kind: 'message', message: other }, 200);
  expect(session.outbox.oldestPushedAt).toBe(100);
});
