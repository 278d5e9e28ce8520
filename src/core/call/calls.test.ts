import { describe, expect, test } from '@jest/globals';
import { channel, seen, settings, tracker, trackerOf } from '../../../test/call-tracking.js';
import type { Channel } from './channel.js';
import { Subscriptions } from './subscriptions.js';

describe('calls become one', () => {
  const inBridge = (one: Channel, bridgeId = 'b', isHolding = false) =>
    ({ kind: 'entered-bridge', channel: one, bridgeId, isHolding }) as const;
  const a = channel('a', { isUp: true });
  const b = channel('b', { isUp: true, linkedid: '200.2' });

  test('when they meet in a bridge: the younger goes on under the older id, on its connection', () => {
    const calls = tracker('*');
    calls.handle({ kind: 'channel', channel: b });
    calls.handle({ kind: 'channel', channel: a });
    calls.handle(inBridge(b));
    expect(seen(calls.handle(inBridge(a)))).toEqual(['move b to 100.1', 'over 200.2']);
    expect(seen(calls.handle({ kind: 'channel-gone', channelId: 'a' }))).toEqual(['close a']);
    expect(seen(calls.handle({ kind: 'channel-gone', channelId: 'b' }))).toEqual(['close b', 'over 100.1']);
  });

  test('a call that is streamed takes in one that is not, and keeps its id', () => {
    const calls = tracker('b');
    calls.handle({ kind: 'channel', channel: a });
    calls.handle({ kind: 'channel', channel: b });
    calls.handle(inBridge(a));
    expect(seen(calls.handle(inBridge(b)))).toEqual(['arm a', 'open a in 200.2 as a']);
  });

  test('when the linkedid of one turns into that of the other', () => {
    const calls = tracker('*');
    calls.handle({ kind: 'channel', channel: a });
    calls.handle({ kind: 'channel', channel: b });
    expect(seen(calls.handle({ kind: 'channel', channel: { ...b, linkedid: '100.1' } }))).toEqual([
      'move b to 100.1',
      'over 200.2',
    ]);
  });

  test('and stay so: who joins under the younger id joins the older call', () => {
    const calls = tracker('*');
    for (const one of [a, b]) calls.handle({ kind: 'channel', channel: one });
    for (const one of [a, b]) calls.handle(inBridge(one));
    const c = channel('c', { isUp: true, linkedid: '200.2' });
    expect(seen(calls.handle({ kind: 'channel', channel: c }))).toEqual(['arm c', 'open c in 100.1 as c']);
  });

  test('but not in a bridge that holds strangers, and not with one who has left', () => {
    const calls = tracker('*');
    for (const one of [a, b]) calls.handle({ kind: 'channel', channel: one });
    calls.handle(inBridge(a, 'parked', true));
    expect(calls.handle(inBridge(b, 'parked', true))).toEqual([]);
    calls.handle(inBridge(a));
    calls.handle({ kind: 'left-bridge', channel: a, bridgeId: 'b' });
    expect(calls.handle(inBridge(b))).toEqual([]);
  });

  test('also when the bridge is only seen in a snapshot', () => {
    const calls = tracker('*');
    calls.handle({ kind: 'resync' });
    const bridges = [{ id: 'b', isHolding: false, channelIds: ['a', 'b'] }];
    expect(seen(calls.handle({ kind: 'snapshot', channels: [a, b], bridges })).slice(-2)).toEqual([
      'move b to 100.1',
      'over 200.2',
    ]);
  });
});

test('a channel into which a masquerade puts another party ends, and the other begins', () => {
  const calls = tracker('1001');
  calls.handle({ kind: 'channel', channel: channel('1001', { isUp: true }) });
  calls.handle({ kind: 'channel', channel: channel('1002', { isUp: true }) });
  const replaced = channel('1002', { isUp: true, name: 'PJSIP/1003-00000009', number: '1003' });
  expect(seen(calls.handle({ kind: 'channel', channel: replaced }))).toEqual([
    'close 1002',
    'arm 1002',
    'open 1002 in 100.1 as 1003',
  ]);
});

describe('trunks and DID numbers', () => {
  const inbound = (exten: string, more: Partial<Channel> = {}) =>
    channel('t', { name: 'PJSIP/carrier-00000001', context: 'from-trunk', exten, number: '4989111', ...more });

  test('an endpoint is a trunk by its name or by the context in which its channel begins, else an extension', () => {
    const byName = trackerOf({ trunks: ['*'] });
    expect(seen(byName.handle({ kind: 'channel', channel: channel('trunk-a', { context: 'x' }) }))).toEqual([
      'arm trunk-a',
    ]);
    expect(seen(byName.handle({ kind: 'channel', channel: inbound('5') }))).toEqual(['arm t']);
    expect(
      seen(byName.handle({ kind: 'channel', channel: channel('1001', { context: 'internal', linkedid: '9.9' }) })),
    ).toEqual([]);
    expect(seen(trackerOf({ extensions: ['*'] }).handle({ kind: 'channel', channel: inbound('5') }))).toEqual([]);
  });

  test('a call that is past the context of its trunk is known by the context that was asked for', () => {
    const calls = trackerOf({ trunks: ['*'] });
    const queued = channel('t', { isUp: true, context: 'ext-queues', homeContext: 'from-trunk' });
    expect(seen(calls.handle({ kind: 'channel', channel: queued }))[0]).toBe('arm t');
  });

  test('a subscribed DID streams the call to it from its answer, with everybody in it', () => {
    const calls = trackerOf({ dids: ['+1 (202) 555-0101'] });
    expect(seen(calls.handle({ kind: 'channel', channel: inbound('12025550101') }))).toEqual(['arm t']);
    expect(seen(calls.handle({ kind: 'channel', channel: inbound('s', { isUp: true }) }))).toEqual([
      'open t in 100.1 as 4989111',
    ]);
    expect(seen(calls.handle({ kind: 'channel', channel: channel('1001', { isUp: true }) }))).toEqual([
      'arm 1001',
      'open 1001 in 100.1 as 1001',
    ]);
  });

  test('a DID that the dialplan finds out later is asked for at the answer', () => {
    const calls = trackerOf({ dids: ['2025550101'] });
    expect(seen(calls.handle({ kind: 'channel', channel: inbound('s') }))).toEqual([]);
    expect(seen(calls.handle({ kind: 'channel', channel: inbound('s', { isUp: true }) }))).toEqual(['ask-did t']);
    expect(seen(calls.handle({ kind: 'did', channelId: 't', did: '02025550101' }))).toEqual([
      'arm t',
      'open t in 100.1 as 4989111',
    ]);
  });

  test('an outbound trunk party goes by the number that was dialled', () => {
    const calls = trackerOf({ trunks: ['carrier'] });
    const leg = inbound('s', { number: '94930123', application: 'AppDial' });
    calls.handle({ kind: 'channel', channel: leg });
    calls.handle({ kind: 'dialled', channel: leg, dialstring: '4930123@carrier' });
    expect(seen(calls.handle({ kind: 'channel', channel: { ...leg, isUp: true } }))).toEqual([
      'open t in 100.1 as 4930123',
    ]);
  });

  test('a trunk that is dialled without a number goes by its caller id', () => {
    const calls = trackerOf({ trunks: ['carrier'] });
    const leg = inbound('s', { number: '4930', isUp: true });
    calls.handle({ kind: 'dialled', channel: { ...leg, isUp: false }, dialstring: 'PJSIP/carrier' });
    expect(seen(calls.handle({ kind: 'channel', channel: leg }))).toEqual(['open t in 100.1 as 4930']);
  });

  test('a dialled leg is no call to a DID', () => {
    const calls = trackerOf({ dids: ['*'] });
    expect(calls.handle({ kind: 'channel', channel: inbound('123', { application: 'AppDial' }) })).toEqual([]);
  });
});

describe('each kind of subscription has its switch', () => {
  const up = { isUp: true };
  test.each([
    [{ extensions: ['1001'], enableExtensions: false }, 0],
    [{ extensions: ['1001'] }, 2],
    [{ extensionGroups: ['sales'] }, 2],
    [{ extensionGroups: ['*'] }, 2],
    [{ extensionGroups: ['support'] }, 0],
    [{ extensionGroups: ['sales'], enableExtensionGroups: false }, 0],
    [{ trunks: ['1001'] }, 0],
  ])('%o: %d', (lists, outputs) => {
    expect(trackerOf(lists).handle({ kind: 'channel', channel: channel('1001', up) })).toHaveLength(outputs);
  });
});

describe('settings that change while calls are up', () => {
  const up = channel('1001', { isUp: true });
  const OFF = settings({}, { subscriptions: Subscriptions.none() });

  test('a new subscription takes in running calls', () => {
    const calls = tracker();
    expect(calls.handle({ kind: 'channel', channel: up })).toEqual([]);
    const outputs = calls.handle({
      kind: 'settings',
      settings: settings({ extensions: ['1001'] }),
      restart: false,
    });
    expect(seen(outputs)).toEqual(['arm 1001', 'open 1001 in 100.1 as 1001']);
  });

  test('the switch ends all streams, and what was only armed', () => {
    const calls = tracker('*');
    calls.handle({ kind: 'channel', channel: up });
    calls.handle({ kind: 'channel', channel: channel('1002', { linkedid: '100.5' }) });
    calls.handle({ kind: 'channel', channel: channel('1003', { linkedid: undefined }) });
    const outputs = calls.handle({ kind: 'settings', settings: OFF, restart: true });
    expect(seen(outputs).sort()).toEqual(['close 1001', 'close 1002', 'close 1003', 'over 100.1']);
    expect(calls.handle({ kind: 'channel', channel: up })).toEqual([]);
  });

  test('a subscription that is taken back leaves the calls that are streamed', () => {
    const calls = tracker('1001');
    calls.handle({ kind: 'channel', channel: up });
    expect(calls.handle({ kind: 'settings', settings: OFF, restart: false })).toEqual([]);
  });

  test('a restart ends streams and begins them anew', () => {
    const calls = tracker('1001');
    calls.handle({ kind: 'channel', channel: up });
    const outputs = calls.handle({
      kind: 'settings',
      settings: settings({ extensions: ['*'] }),
      restart: true,
    });
    expect(seen(outputs)).toEqual(['close 1001', 'over 100.1', 'arm 1001', 'open 1001 in 100.1 as 1001']);
  });
});

test('the dialplan that a dialled leg runs while it rings says nothing; what it runs once transferred does', () => {
  const calls = tracker('1001');
  const leg = (more: Partial<Channel>) => seen(calls.handle({ kind: 'channel', channel: channel('1001', more) }));
  leg({ application: 'AppDial' });
  expect(leg({ context: 'ivr-9', application: 'BackGround' })).toEqual([]);
  expect(leg({ isUp: true, application: 'AppDial' })).toEqual(['open 1001 in 100.1 as 1001']);
  expect(leg({ isUp: true, context: 'internal', application: 'Queue' })).toEqual(['100.1 is in queue']);
});

test('with early media a call is streamed from ringing on', () => {
  const calls = trackerOf({ extensions: ['1002'] }, { earlyMedia: true });
  calls.handle({ kind: 'channel', channel: channel('1001') });
  expect(seen(calls.handle({ kind: 'channel', channel: channel('1002') }))).toEqual([
    'arm 1002',
    'arm 1001',
    'open 1001 in 100.1 as 1001',
    'open 1002 in 100.1 as 1002',
  ]);
});

test('the callflow is that of the moment', () => {
  const calls = tracker('1001');
  const at = (application: string, applicationData = '') =>
    seen(calls.handle({ kind: 'channel', channel: channel('1001', { isUp: true, application, applicationData }) }));
  expect(at('BackGround')).toEqual(['arm 1001', '100.1 is in ivr', 'open 1001 in 100.1 as 1001']);
  expect(at('WaitExten')).toEqual([]);
  expect(at('Queue', 'support')).toEqual(['100.1 is in queue']);
  expect(at('Dial', 'PJSIP/1&PJSIP/2,30')).toEqual(['100.1 is in ringgroup']);
  expect(at('Dial', 'PJSIP/1,30,g&h')).toEqual(['100.1 is in nothing']);
});

test('who goes takes the callflow not away; the next step of another does', () => {
  const calls = tracker('*');
  const agent = channel('1003', { isUp: true, application: 'AppQueue' });
  calls.handle({ kind: 'channel', channel: channel('1001', { isUp: true, application: 'Queue' }) });
  calls.handle({ kind: 'channel', channel: agent });
  expect(seen(calls.handle({ kind: 'channel-gone', channelId: '1001' }))).toEqual(['close 1001']);
  expect(seen(calls.handle({ kind: 'left-bridge', channel: agent, bridgeId: 'b' }))).toEqual([]);
  const transferred = { ...agent, application: 'Dial', applicationData: 'PJSIP/1004,60' };
  expect(seen(calls.handle({ kind: 'channel', channel: transferred }))).toEqual(['100.1 is in nothing']);
});

describe('a pickup', () => {
  const dial = { application: 'AppDial', exten: '1002' };

  test('by one who had called: what had tapped it is deaf, and another tap is made, once', () => {
    const calls = tracker('*');
    calls.handle({ kind: 'channel', channel: channel('1003', { exten: '*8', isUp: true }) });
    const [after] = [channel('1003', { ...dial, isUp: true })];
    expect(seen(calls.handle({ kind: 'channel', channel: after }))).toEqual(['tap-again 1003']);
    expect(seen(calls.handle({ kind: 'channel', channel: after }))).toEqual([]);
  });

  test('is not what happens to a leg that is dialled, and answers', () => {
    const calls = tracker('*');
    const steps = [channel('1002', { exten: 's' }), channel('1002', dial), channel('1002', { ...dial, isUp: true })];
    const orders = steps.flatMap((step) => seen(calls.handle({ kind: 'channel', channel: step })));
    expect(orders).toEqual(['arm 1002', 'open 1002 in 100.1 as 1002']);
  });
});
