import { describe, expect, test } from '@jest/globals';
import { channel, seen, tracker } from '../../../test/call-tracking.js';

describe('a call of a subscribed extension', () => {
  test('is armed while it rings, opened at the answer, closed at the end', () => {
    const calls = tracker('1001');
    expect(seen(calls.handle({ kind: 'channel', channel: channel('1001') }))).toEqual(['arm 1001']);
    expect(seen(calls.handle({ kind: 'channel', channel: channel('1002') }))).toEqual(['arm 1002']);
    expect(seen(calls.handle({ kind: 'channel', channel: channel('1002', { isUp: true }) }))).toEqual([]);
    expect(seen(calls.handle({ kind: 'channel', channel: channel('1001', { isUp: true }) }))).toEqual([
      'open 1001 in 100.1 as 1001',
      'open 1002 in 100.1 as 1002',
    ]);
    expect(seen(calls.handle({ kind: 'channel-gone', channelId: '1002' }))).toEqual(['close 1002']);
    expect(seen(calls.handle({ kind: 'channel-gone', channelId: '1001' }))).toEqual(['close 1001', 'over 100.1']);
  });

  test('takes in the caller when the subscribed one is called', () => {
    const calls = tracker('1002');
    expect(seen(calls.handle({ kind: 'channel', channel: channel('1001') }))).toEqual([]);
    expect(seen(calls.handle({ kind: 'channel', channel: channel('1002') }))).toEqual(['arm 1002', 'arm 1001']);
  });

  test('takes in those who join later, and goes on when the subscribed one has left', () => {
    const calls = tracker('1001');
    calls.handle({ kind: 'channel', channel: channel('1001', { isUp: true }) });
    calls.handle({ kind: 'channel', channel: channel('1002', { isUp: true }) });
    calls.handle({ kind: 'channel-gone', channelId: '1001' });
    expect(seen(calls.handle({ kind: 'channel', channel: channel('1003', { isUp: true }) }))).toEqual([
      'arm 1003',
      'open 1003 in 100.1 as 1003',
    ]);
  });

  test('opens a participant once, however often its channel changes', () => {
    const calls = tracker('1001');
    const up = channel('1001', { isUp: true });
    calls.handle({ kind: 'channel', channel: up });
    expect(calls.handle({ kind: 'channel', channel: up })).toEqual([]);
    calls.handle({ kind: 'resync' });
    expect(calls.handle({ kind: 'snapshot', channels: [up], bridges: [] })).toEqual([]);
  });
});

describe('what is not streamed', () => {
  test('a call of others', () => {
    const calls = tracker('1001');
    expect(calls.handle({ kind: 'channel', channel: channel('1002', { isUp: true }) })).toEqual([]);
    expect(calls.handle({ kind: 'channel', channel: channel('1003', { isUp: true }) })).toEqual([]);
    expect(calls.handle({ kind: 'channel-gone', channelId: '1002' })).toEqual([]);
    expect(calls.handle({ kind: 'channel-gone', channelId: '1003' })).toEqual([]);
  });

  test('a call in which the subscribed phone only rang: what was armed is removed', () => {
    const calls = tracker('1003');
    calls.handle({ kind: 'channel', channel: channel('1001') });
    calls.handle({ kind: 'channel', channel: channel('1002') });
    calls.handle({ kind: 'channel', channel: channel('1003') });
    expect(seen(calls.handle({ kind: 'channel-gone', channelId: '1003' }))).toEqual([
      'close 1003',
      'close 1001',
      'close 1002',
    ]);
    expect(calls.handle({ kind: 'channel', channel: channel('1002', { isUp: true }) })).toEqual([]);
  });

  test.each(['Local/1001@x-0001;2', 'Snoop/1.1-0001', 'UnicastRTP/h:1-0x1', 'PJSIP/1001-0001<ZOMBIE>'])(
    '%s',
    (name) => {
      const calls = tracker('*');
      expect(calls.handle({ kind: 'channel', channel: channel('x', { name, isUp: true }) })).toEqual([]);
    },
  );
});

describe('which call a channel belongs to', () => {
  test('is asked when Asterisk does not say it; a subscribed channel is armed meanwhile', () => {
    const calls = tracker('1001');
    const up = channel('1001', { linkedid: undefined, isUp: true });
    expect(seen(calls.handle({ kind: 'channel', channel: up }))).toEqual(['arm 1001', 'ask-linkedid 1001']);
    expect(seen(calls.handle({ kind: 'linkedid', channelId: '1001', linkedid: '100.9' }))).toEqual([
      'open 1001 in 100.9 as 1001',
    ]);
  });

  test('does not matter any more once the channel has gone', () => {
    const calls = tracker('1001');
    calls.handle({ kind: 'channel', channel: channel('1001', { linkedid: undefined }) });
    expect(seen(calls.handle({ kind: 'channel-gone', channelId: '1001' }))).toEqual(['close 1001']);
    expect(calls.handle({ kind: 'linkedid', channelId: '1001', linkedid: '100.9' })).toEqual([]);
  });
});

describe('after events may have been missed', () => {
  test('one that is lost while there is no link ends; should it live all the same, its stream begins anew', () => {
    const calls = tracker('1001');
    const both = [channel('1001', { isUp: true }), channel('1002', { isUp: true })];
    for (const one of both) calls.handle({ kind: 'channel', channel: one });
    expect(seen(calls.handle({ kind: 'lost', channelId: '1001' }))).toEqual(['close 1001']);
    expect(seen(calls.handle({ kind: 'lost', channelId: '1002' }))).toEqual(['close 1002', 'over 100.1']);
    expect(calls.handle({ kind: 'lost', channelId: '1002' })).toEqual([]);

    calls.handle({ kind: 'resync' });
    expect(seen(calls.handle({ kind: 'snapshot', channels: both, bridges: [] }))).toEqual([
      'arm 1001',
      'open 1001 in 100.1 as 1001',
      'arm 1002',
      'open 1002 in 100.1 as 1002',
    ]);
  });

  test('also one that is lost while the snapshot is on its way', () => {
    const calls = tracker('1001');
    const up = channel('1001', { isUp: true });
    calls.handle({ kind: 'channel', channel: up });
    calls.handle({ kind: 'resync' });
    calls.handle({ kind: 'lost', channelId: '1001' });
    expect(seen(calls.handle({ kind: 'snapshot', channels: [up], bridges: [] }))).toEqual([
      'arm 1001',
      'open 1001 in 100.1 as 1001',
    ]);
  });

  test('a snapshot ends what has gone unseen and takes in what has come', () => {
    const calls = tracker('1001', '1003');
    calls.handle({ kind: 'channel', channel: channel('1001', { isUp: true }) });
    calls.handle({ kind: 'resync' });
    const channels = [channel('1003', { linkedid: '100.3', isUp: true })];
    expect(seen(calls.handle({ kind: 'snapshot', channels, bridges: [] }))).toEqual([
      'close 1001',
      'over 100.1',
      'arm 1003',
      'open 1003 in 100.3 as 1003',
    ]);
  });

  test('an event that came while the list was on its way counts more than the list', () => {
    const calls = tracker('*');
    calls.handle({ kind: 'resync' });
    calls.handle({ kind: 'channel', channel: channel('1001', { isUp: true }) });
    calls.handle({ kind: 'channel', channel: channel('1002', { isUp: true }) });
    calls.handle({ kind: 'channel-gone', channelId: '1002' });
    expect(calls.handle({ kind: 'snapshot', channels: [channel('1002')], bridges: [] })).toEqual([]);
  });

  test('a state in the list that is older than the event is not believed', () => {
    const calls = tracker('1002');
    calls.handle({ kind: 'channel', channel: channel('1001') });
    calls.handle({ kind: 'resync' });
    calls.handle({ kind: 'channel', channel: channel('1001', { isUp: true }) });
    calls.handle({ kind: 'snapshot', channels: [channel('1001')], bridges: [] });
    const outputs = calls.handle({ kind: 'channel', channel: channel('1002', { isUp: true }) });
    expect(seen(outputs)).toContain('open 1001 in 100.1 as 1001');
  });
});

test('a participant without a number goes by its endpoint', () => {
  const calls = tracker('1001');
  const outputs = calls.handle({ kind: 'channel', channel: channel('1001', { isUp: true, number: '' }) });
  expect(seen(outputs)).toContain('open 1001 in 100.1 as 1001');
});

test('of two calls of one second the one with the smaller serial number is the older, whatever their digits say as text', () => {
  const calls = tracker('*');
  const [nine, ten] = [
    channel('a', { isUp: true, linkedid: '100.9' }),
    channel('b', { isUp: true, linkedid: '100.10' }),
  ];
  for (const one of [ten, nine]) calls.handle({ kind: 'channel', channel: one });
  for (const one of [ten, nine])
    calls.handle({ kind: 'entered-bridge', channel: one, bridgeId: 'x', isHolding: false });
  expect(seen(calls.handle({ kind: 'channel-gone', channelId: 'a' }))).toEqual(['close a']);
  expect(seen(calls.handle({ kind: 'channel-gone', channelId: 'b' }))).toEqual(['close b', 'over 100.9']);
});
