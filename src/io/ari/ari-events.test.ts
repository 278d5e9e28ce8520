import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readChannel, readEvent } from './ari-events.js';

/** As Asterisk 22.10.1 sends it, with `channelvars` in ari.conf; shortened where we do not look. */
const CHANNEL = {
  id: '1763800000.17',
  name: 'PJSIP/1001-00000011',
  state: 'Up',
  protocol_id: 'f0a1',
  caller: { name: 'Alice', number: '1001' },
  connected: { name: '', number: '1002' },
  dialplan: { context: 'from-internal', exten: '1002', priority: 2, app_name: 'Dial', app_data: 'PJSIP/1002' },
  channelvars: { 'CHANNEL(linkedid)': '1763800000.17' },
};
const READ = {
  id: '1763800000.17',
  name: 'PJSIP/1001-00000011',
  isUp: true,
  number: '1001',
  homeContext: undefined,
  context: 'from-internal',
  exten: '1002',
  application: 'Dial',
  applicationData: 'PJSIP/1002',
  linkedid: '1763800000.17',
  fromDid: undefined,
};
const event = (type: string, more: object = { channel: CHANNEL }) => readEvent(JSON.stringify({ type, ...more }));

test.each(['ChannelCreated', 'ChannelStateChange', 'ChannelCallerId', 'ChannelDialplan'])(
  '%s tells the channel',
  (type) => {
    expect(event(type)).toEqual({ kind: 'channel', channel: READ });
  },
);

test.each([
  ['ChannelDestroyed', 'channel-gone'],
  ['StasisStart', 'entered'],
  ['StasisEnd', 'left'],
])('%s is %s', (type, kind) => {
  expect(event(type)).toEqual({ kind, channelId: CHANNEL.id });
});

test.each([
  ['softmix', 'mixing', false],
  ['simple_bridge', 'mixing', false],
  ['holding_bridge', 'holding', true],
])('entering and leaving a %s bridge tells whether it holds strangers', (technology, bridge_type, isHolding) => {
  const bridge = { id: 'b1', technology, bridge_type, channels: [CHANNEL.id] };
  const entered = event('ChannelEnteredBridge', { channel: CHANNEL, bridge });
  expect(entered).toEqual({ kind: 'entered-bridge', channel: READ, bridgeId: 'b1', isHolding });
  expect(event('ChannelLeftBridge', { channel: CHANNEL, bridge })).toEqual({
    kind: 'left-bridge',
    channel: READ,
    bridgeId: 'b1',
  });
});

test('the first Dial of a leg has the dial string, later ones tell the leg', () => {
  const dial = (dialstring: string) => event('Dial', { peer: CHANNEL, dialstring, dialstatus: '' });
  expect(dial('4930123@trunk-a')).toEqual({ kind: 'dialled', channel: READ, dialstring: '4930123@trunk-a' });
  expect(dial('')).toEqual({ kind: 'channel', channel: READ });
});

test('BridgeDestroyed names the bridge; ApplicationReplaced needs nothing more', () => {
  expect(event('BridgeDestroyed', { bridge: { id: 'b1' } })).toEqual({ kind: 'bridge-gone', bridgeId: 'b1' });
  expect(event('ApplicationReplaced', {})).toEqual({ kind: 'replaced' });
});

test('without channelvars in ari.conf the call is unknown, not empty', () => {
  const { channelvars: _, ...plain } = CHANNEL;
  expect(readChannel(plain)).toEqual({ ...READ, linkedid: undefined });
  expect(readChannel({ ...CHANNEL, channelvars: { 'CHANNEL(linkedid)': '' } })).toMatchObject({ linkedid: undefined });
});

test('kinds that we do not know are skipped, also those named like parts of an object', () => {
  expect(['ChannelVarset', 'SomethingNew', 'constructor', '__proto__'].map((type) => event(type))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test.each([
  '',
  '{',
  '[]',
  'null',
  '{}',
  '{"type":1}',
  '{"type":"StasisStart"}',
  '{"type":"ChannelCreated","channel":{"id":1}}',
])('%s is malformed', (text) => {
  expect(readEvent(text)).toBe('malformed');
});

test('no JSON of any shape makes it throw', () => {
  const type = fc.constantFrom('ChannelCreated', 'ChannelDestroyed', 'StasisStart', 'BridgeDestroyed', 'x');
  fc.assert(
    fc.property(type, fc.dictionary(fc.constantFrom('channel', 'bridge', 'other'), fc.jsonValue()), (name, fields) => {
      expect(() => readEvent(JSON.stringify({ ...fields, type: name }))).not.toThrow();
    }),
  );
});
