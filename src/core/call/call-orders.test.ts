/** Calls that an administrator has streamed, or not, whatever is subscribed; and how calls are shown. */
import { describe, expect, test } from '@jest/globals';
import { channel, seen, settings, tracker } from '../../../test/call-tracking.js';
import type { CallTracker } from './call-tracker.js';
import { Subscriptions } from './subscriptions.js';

const up = (name: string, linkedid = '100.1') => channel(name, { isUp: true, linkedid });

function talking(calls: CallTracker, ...names: string[]): CallTracker {
  for (const name of names) calls.handle({ kind: 'channel', channel: up(name) });
  return calls;
}

const order = (calls: CallTracker, isStreamed: boolean, callid = '100.1') =>
  seen(calls.handle({ kind: 'order', callid, isStreamed }));

describe('a call that nobody subscribed', () => {
  test('is streamed from the order on, with those who join later', () => {
    const calls = talking(tracker(), '1001', '1002');
    expect(order(calls, true)).toEqual([
      'arm 1001',
      'arm 1002',
      'open 1001 in 100.1 as 1001',
      'open 1002 in 100.1 as 1002',
    ]);
    expect(seen(calls.handle({ kind: 'channel', channel: up('1003') }))).toEqual([
      'arm 1003',
      'open 1003 in 100.1 as 1003',
    ]);
  });

  test('is left again, once, and may be streamed again', () => {
    const calls = talking(tracker(), '1001', '1002');
    order(calls, true);
    expect(order(calls, false)).toEqual(['close 1001', 'close 1002', 'over 100.1']);
    expect(order(calls, false)).toEqual([]);
    expect(order(calls, true)).toHaveLength(4);
  });

  test('is not streamed while streaming is switched off, nor when the program ends', () => {
    const calls = talking(tracker(), '1001', '1002');
    order(calls, true);
    const off = { ...settings({}), subscriptions: Subscriptions.none() };
    expect(seen(calls.handle({ kind: 'settings', settings: off, restart: true }))).toEqual([
      'close 1001',
      'close 1002',
      'over 100.1',
    ]);
    expect(order(calls, true)).toEqual([]);
  });
});

describe('a subscribed call', () => {
  test('that is to be left stays left, whoever comes, whatever settings are saved', () => {
    const calls = talking(tracker('1001'), '1001', '1002');
    expect(order(calls, false)).toEqual(['close 1001', 'close 1002', 'over 100.1']);
    talking(calls, '1003');
    calls.handle({ kind: 'settings', settings: settings({ extensions: ['*'] }), restart: true });
    expect(calls.calls).toMatchObject([{ callid: '100.1', isStreamed: false }]);
  });

  test('after it is streamed as ever', () => {
    const calls = talking(tracker('1001'), '1001');
    order(calls, false);
    calls.handle({ kind: 'channel-gone', channelId: '1001' });
    expect(seen(calls.handle({ kind: 'channel', channel: up('1001', '100.5') }))).toContain(
      'open 1001 in 100.5 as 1001',
    );
  });
});

test('the order goes along when a call without one takes the call up', () => {
  const calls = talking(tracker(), '1001');
  calls.handle({ kind: 'channel', channel: up('1002', '100.2') });
  order(calls, true, '100.2');
  for (const name of ['1001', '1002']) {
    const inCall = up(name, name === '1001' ? '100.1' : '100.2');
    calls.handle({ kind: 'entered-bridge', channel: inCall, bridgeId: 'b', isHolding: false });
  }
  expect(calls.calls).toMatchObject([{ callid: '100.2', isStreamed: true, participants: [{}, {}] }]);
});

test('an order for a call that is not there does nothing', () => {
  expect(order(talking(tracker('1001'), '1001'), false, '9.9')).toEqual([]);
});

test('calls are shown with those in them, streamed or not', () => {
  const calls = talking(tracker('1001'), '1001');
  calls.handle({ kind: 'channel', channel: channel('1002', { linkedid: '100.2' }) });
  const party = (name: string, isUp: boolean) => ({
    channelId: name,
    channelid: `PJSIP/${name}-00000001`,
    number: name,
    role: 'extension',
    isUp,
  });
  expect(calls.calls).toEqual([
    { callid: '100.1', isStreamed: true, callflow: '', participants: [party('1001', true)] },
    { callid: '100.2', isStreamed: false, callflow: '', participants: [party('1002', false)] },
  ]);
});
