import { describe, expect, test } from '@jest/globals';
import { FIRST_WINDOW } from './flow-window.js';
import type { Label } from './protocol.js';
import {
  CLOSE_LIMIT_MS,
  CONNECT_LIMIT_MS,
  DELIVERY_LIMIT_MS,
  LIVENESS_MS,
  PONG_LIMIT_MS,
  type RelayInput,
  type RelayOutput,
  RelaySession,
  SOCKET_WINDOW,
} from './relay-session.js';

const label = (channelid: string): Label => ({ callid: '1.1', callflow: '', number: '1', channelid });
const fragment = (value: number, channelid = 'a'): RelayInput => ({
  kind: 'message',
  message: { label: label(channelid), pcm: Int16Array.of(value) },
});
const end = (channelid = 'a'): RelayInput => ({
  kind: 'message',
  message: { label: label(channelid), pcm: undefined },
});
const session = (capacity = 50) => new RelaySession({ capacity, dice: () => 1 });
const kinds = (outputs: RelayOutput[]) => outputs.map(({ kind }) => kind);
const sent = (outputs: RelayOutput[]) =>
  outputs.flatMap((o) => (o.kind === 'send' ? [o.message.pcm?.[0] ?? 'end'] : []));
const pinged = (outputs: RelayOutput[]) => outputs.flatMap((o) => (o.kind === 'ping' ? [o.serial] : []));

describe('a call streams', () => {
  test('connects at the first fragment, sends, pings behind it, and closes after the ends', () => {
    const relay = session();
    expect(kinds(relay.handle(fragment(1), 0))).toEqual(['connect']);
    expect(relay.handle(fragment(2), 5)).toEqual([]);

    const opened = relay.handle({ kind: 'opened' }, 10);
    expect(kinds(opened)).toEqual(['send', 'send', 'ping']);
    expect(sent(opened)).toEqual([1, 2]);

    relay.handle({ kind: 'pong', serial: 2 }, 11);
    expect(relay.outbox.isEmpty).toBe(true);

    expect(sent(relay.handle(end(), 20))).toEqual(['end']);
    expect(kinds(relay.handle({ kind: 'finish' }, 20))).toEqual(['close']);
    expect(relay.handle({ kind: 'closed', orderly: true }, 25)).toEqual([{ kind: 'over', why: 'delivered' }]);
    expect(relay.nextWake()).toBeUndefined();
    expect(relay.handle(fragment(3), 30)).toEqual([]);
  });

  test('participants are interleaved in the order in which their fragments came', () => {
    const relay = session();
    relay.handle(fragment(1, 'a'), 0);
    relay.handle(fragment(2, 'b'), 0);
    relay.handle(fragment(3, 'b'), 0);
    relay.handle(fragment(4, 'a'), 0);
    expect(sent(relay.handle({ kind: 'opened' }, 1))).toEqual([1, 2, 3, 4]);
  });

  test('a call without any audio needs no connection', () => {
    expect(session().handle({ kind: 'finish' }, 0)).toEqual([{ kind: 'over', why: 'delivered' }]);
  });

  test('one ping is under way at a time, and its pong brings the next', () => {
    const relay = session();
    relay.handle(fragment(1), 0);
    expect(pinged(relay.handle({ kind: 'opened' }, 0))).toEqual([1]);
    expect(pinged(relay.handle(fragment(2), 1))).toEqual([]);
    expect(pinged(relay.handle({ kind: 'pong', serial: 1 }, 2))).toEqual([2]);
    expect(relay.outbox.unconfirmed).toBe(1);
  });

  test('a pong that answers nothing of ours confirms nothing', () => {
    const relay = session();
    relay.handle(fragment(1), 0);
    relay.handle({ kind: 'opened' }, 0);
    relay.handle({ kind: 'pong', serial: 99 }, 1);
    expect(relay.outbox.unconfirmed).toBe(1);
  });
});

describe('the end of a call', () => {
  test('its last messages are pinged for before the Close, and a pong counts even when the Close is answered oddly', () => {
    const relay = session();
    relay.handle(fragment(1), 0);
    expect(pinged(relay.handle({ kind: 'opened' }, 0))).toEqual([1]);
    relay.handle(end(), 1);
    const finish = relay.handle({ kind: 'finish' }, 1);
    expect(kinds(finish)).toEqual(['ping', 'close']);
    expect(pinged(finish)).toEqual([2]);
    expect(relay.handle({ kind: 'pong', serial: 1 }, 2)).toEqual([]);
    expect(relay.handle({ kind: 'pong', serial: 2 }, 2)).toEqual([]);
    expect(relay.handle({ kind: 'closed', orderly: false }, 3)).toEqual([{ kind: 'over', why: 'delivered' }]);
  });
});

describe('nothing is to be sent', () => {
  test('a ping goes out each 15 s, and one that stays unanswered ends the connection', () => {
    const relay = session();
    relay.handle(fragment(1), 0);
    relay.handle({ kind: 'opened' }, 0);
    relay.handle({ kind: 'pong', serial: 1 }, 10);
    expect(relay.nextWake()).toBe(10 + LIVENESS_MS);
    expect(pinged(relay.handle({ kind: 'tick' }, 10 + LIVENESS_MS))).toEqual([1]);
    relay.handle({ kind: 'pong', serial: 1 }, 20 + LIVENESS_MS);
    const again = 20 + 2 * LIVENESS_MS;
    expect(pinged(relay.handle({ kind: 'tick' }, again))).toEqual([1]);
    expect(relay.handle({ kind: 'tick' }, again + PONG_LIMIT_MS)).toEqual([{ kind: 'abort', why: 'silent' }]);
  });
});

describe('the receiver is away', () => {
  test('an outage loses nothing: what was not confirmed comes again, in order, then the rest', () => {
    const relay = session();
    relay.handle(fragment(1), 0);
    relay.handle({ kind: 'opened' }, 0);
    relay.handle({ kind: 'pong', serial: 1 }, 1);
    relay.handle(fragment(2), 2);
    relay.handle(fragment(3), 3);
    expect(relay.handle({ kind: 'closed', orderly: false }, 4)).toEqual([]);
    relay.handle(fragment(4), 5);

    expect(relay.nextWake()).toBe(254);
    expect(kinds(relay.handle({ kind: 'tick' }, 254))).toEqual(['connect']);
    expect(sent(relay.handle({ kind: 'opened' }, 260))).toEqual([2, 3, 4]);
    expect(relay.reconnects).toBe(1);
    expect(relay.outbox.counts).toEqual({ dropped: 0, unconfirmed: 0, resent: 2 });
  });

  test('the pauses double from 250 ms to 5 s, and begin anew once a connection has carried audio', () => {
    const relay = session();
    const pauses: number[] = [];
    let now = 0;
    relay.handle(fragment(1), now);
    for (let attempt = 0; attempt < 7; attempt++) {
      relay.handle({ kind: 'closed', orderly: false }, now);
      const wake = relay.nextWake() ?? 0;
      pauses.push(wake - now);
      now = wake;
      relay.handle({ kind: 'tick' }, now);
    }
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);

    relay.handle({ kind: 'opened' }, now);
    relay.handle({ kind: 'pong', serial: 1 }, now);
    relay.handle({ kind: 'closed', orderly: false }, now);
    expect((relay.nextWake() ?? 0) - now).toBe(250);
  });

  test('the buffer is bounded for each participant: the oldest audio goes, and is counted', () => {
    const relay = session(3);
    for (let value = 1; value <= 5; value++) relay.handle(fragment(value, 'a'), 0);
    relay.handle(fragment(10, 'b'), 0);
    expect(sent(relay.handle({ kind: 'opened' }, 1))).toEqual([3, 4, 5, 10]);
    expect(relay.outbox.counts.dropped).toBe(2);
  });

  test('a connect that gets no answer is dropped after its limit and tried again', () => {
    const relay = session();
    relay.handle(fragment(1), 0);
    expect(relay.nextWake()).toBe(CONNECT_LIMIT_MS);
    expect(relay.handle({ kind: 'tick' }, CONNECT_LIMIT_MS)).toEqual([{ kind: 'abort', why: 'connect-timeout' }]);
    expect(relay.state).toBe('waiting');
  });

  test('a receiver that answers no ping is dropped, and what it may not have read comes again', () => {
    const relay = session();
    relay.handle(fragment(1), 0);
    relay.handle({ kind: 'opened' }, 0);
    expect(relay.handle({ kind: 'tick' }, PONG_LIMIT_MS)).toEqual([{ kind: 'abort', why: 'silent' }]);
    relay.handle({ kind: 'tick' }, PONG_LIMIT_MS + 250);
    expect(sent(relay.handle({ kind: 'opened' }, PONG_LIMIT_MS + 260))).toEqual([1]);
  });

  test('a receiver that confirms nothing yet is given no more than the window; pongs open it, up to the socket', () => {
    const relay = session(500);
    relay.handle(fragment(0), 0);
    let serial = pinged(relay.handle({ kind: 'opened' }, 0))[0] ?? 0;
    for (let value = 1; value < 300; value++) relay.handle(fragment(value), 1);
    expect(relay.outbox.unconfirmed).toBe(FIRST_WINDOW);

    let taken = FIRST_WINDOW + 1;
    for (let answers = 0; answers < 3; answers++) {
      for (; taken > 0; taken--) relay.handle({ kind: 'flushed', count: 1 }, 1);
      const outputs = relay.handle({ kind: 'pong', serial }, 2);
      serial = pinged(outputs)[0] ?? 0;
      taken = outputs.length;
    }
    expect(taken).toBe(SOCKET_WINDOW + 1);
    expect(sent(relay.handle({ kind: 'flushed', count: 1 }, 3))).toEqual([]);
    expect(sent(relay.handle({ kind: 'flushed', count: 1 }, 3))).toHaveLength(1);
  });

  test('after the call, delivery is tried until its limit, then given up and counted', () => {
    const relay = session();
    relay.handle(fragment(1), 0);
    relay.handle({ kind: 'closed', orderly: false }, 0);
    relay.handle({ kind: 'finish' }, 100);
    let outputs: RelayOutput[] = [];
    for (let now = 100; now <= 100 + DELIVERY_LIMIT_MS; now = relay.nextWake() ?? Number.POSITIVE_INFINITY) {
      outputs = relay.handle({ kind: 'tick' }, now);
      if (kinds(outputs).includes('connect')) relay.handle({ kind: 'closed', orderly: false }, now);
    }
    expect(outputs).toEqual([
      { kind: 'abort', why: 'gave-up' },
      { kind: 'over', why: 'gave-up' },
    ]);
    expect(relay.outbox.counts.dropped).toBe(1);
  });

  test('what is not delivered when the program ends is lost, and counted', () => {
    const relay = session();
    relay.handle(fragment(1), 0);
    relay.handle({ kind: 'opened' }, 0);
    relay.handle({ kind: 'closed', orderly: false }, 10);
    relay.handle(fragment(2), 20);
    relay.handle({ kind: 'finish' }, 30);
    expect(relay.handle({ kind: 'give-up' }, 40)).toEqual([
      { kind: 'abort', why: 'stopped' },
      { kind: 'over', why: 'stopped' },
    ]);
    expect(relay.outbox.counts).toEqual({ dropped: 1, unconfirmed: 1, resent: 0 });
    expect({ again: relay.handle({ kind: 'give-up' }, 50), wake: relay.nextWake() }).toEqual({
      again: [],
      wake: undefined,
    });
  });

  test('giving up what is delivered already is no loss', () => {
    const relay = session();
    expect(relay.handle({ kind: 'give-up' }, 0).at(-1)).toEqual({ kind: 'over', why: 'delivered' });
  });

  test('a Close that is not answered in time is no confirmation', () => {
    const relay = session();
    relay.handle(fragment(1), 0);
    relay.handle({ kind: 'opened' }, 0);
    relay.handle({ kind: 'finish' }, 0);
    expect(relay.handle({ kind: 'tick' }, CLOSE_LIMIT_MS)).toEqual([{ kind: 'abort', why: 'close-timeout' }]);
    expect(relay.state).toBe('waiting');
    expect(relay.outbox.unsent).toBe(1);
  });
});
