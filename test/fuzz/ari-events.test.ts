/** Whatever Asterisk, or what answers in its place, sends: the reader does not throw, and the tracker loses nobody. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CallInput, CallOutput } from '../../src/core/call/call-events.js';
import { CallTracker } from '../../src/core/call/call-tracker.js';
import { readEvent } from '../../src/io/ari/ari-events.js';
import { channel, settings } from '../call-tracking.js';
import { runs } from './runs.js';

const KINDS = ['ChannelCreated', 'ChannelEnteredBridge', 'ChannelLeftBridge', 'Dial', 'StasisStart', 'BridgeDestroyed'];
const KEYS = [
  'type',
  'channel',
  'bridge',
  'peer',
  'id',
  'name',
  'state',
  'caller',
  'dialplan',
  'channelvars',
  'dialstring',
];

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, '', 'Up', '1.1', 'PJSIP/1001-00000001', ...KINDS),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), tie('value')),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
})).value;

test('no text makes the reader throw', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        json.map((value) => JSON.stringify(value)),
        fc.string({ unit: 'binary' }),
      ),
      (text) => {
        readEvent(text);
      },
    ),
    runs(10),
  );
});

const NAMES = ['1001', '1002', '1003', 'trunk-a'];
const name = fc.constantFrom(...NAMES);
const linkedid = fc.constantFrom('100.1', '100.2', '100.3', undefined);
const bridgeId = fc.constantFrom('b1', 'b2');

const party = fc
  .record({ name, linkedid, isUp: fc.boolean(), application: fc.constantFrom('', 'AppDial', 'Queue', 'ConfBridge') })
  .map((fields) => channel(fields.name, fields));

const input: fc.Arbitrary<CallInput> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('channel' as const), channel: party }) },
  fc.record({
    kind: fc.constant('dialled' as const),
    channel: party,
    dialstring: fc.constantFrom('1002', 'trunk-a/5'),
  }),
  fc.record({ kind: fc.constant('entered-bridge' as const), channel: party, bridgeId, isHolding: fc.boolean() }),
  fc.record({ kind: fc.constant('left-bridge' as const), channel: party, bridgeId }),
  fc.record({ kind: fc.constant('channel-gone' as const), channelId: name }),
  fc.record({ kind: fc.constant('linkedid' as const), channelId: name, linkedid: fc.constantFrom('100.1', '100.2') }),
  fc.record({ kind: fc.constant('did' as const), channelId: name, did: fc.constantFrom('5550101', '') }),
  fc.constant({ kind: 'resync' } as const),
  fc.record({
    kind: fc.constant('snapshot' as const),
    channels: fc.array(party, { maxLength: 3 }),
    bridges: fc.array(
      fc.record({ id: bridgeId, isHolding: fc.boolean(), channelIds: fc.array(name, { maxLength: 3 }) }),
      {
        maxLength: 2,
      },
    ),
  }),
  fc
    .record({ restart: fc.boolean(), earlyMedia: fc.boolean(), extensions: fc.subarray(['1001', '1002', '*']) })
    .map(({ restart, earlyMedia, extensions }) => ({
      kind: 'settings' as const,
      restart,
      settings: settings({ extensions, dids: ['5550101'] }, { earlyMedia }),
    })),
);

test('whatever happens in whatever order, streams begin and end in pairs, and nothing is left when all have gone', () => {
  fc.assert(
    fc.property(fc.array(input, { maxLength: 40 }), (inputs) => {
      const tracker = new CallTracker(settings({ extensions: ['1001'], trunks: ['trunk-a'] }));
      const ledger = new Ledger();
      for (const one of inputs) for (const output of tracker.handle(one)) ledger.take(output);
      for (const channelId of NAMES) {
        for (const output of tracker.handle({ kind: 'channel-gone', channelId })) ledger.take(output);
      }
      expect(ledger.left).toEqual([]);
    }),
    runs(2),
  );
});

/** Holds the orders to their order: armed, opened in a call, closed; a call over only when nobody is in it. */
class Ledger {
  readonly #callOf = new Map<string, string | undefined>();
  readonly #calls = new Set<string>();

  get left(): string[] {
    return [...this.#callOf.keys(), ...this.#calls];
  }

  take(output: CallOutput): void {
    switch (output.kind) {
      case 'arm':
        expect(this.#callOf.has(output.channel.id)).toBe(false);
        this.#callOf.set(output.channel.id, undefined);
        return;
      case 'open':
        expect(this.#callOf.has(output.channel.id)).toBe(true);
        expect(this.#callOf.get(output.channel.id)).toBeUndefined();
        this.#callOf.set(output.channel.id, output.callid);
        this.#calls.add(output.callid);
        return;
      case 'move':
        expect(this.#callOf.get(output.channelId)).toBeDefined();
        this.#callOf.set(output.channelId, output.callid);
        this.#calls.add(output.callid);
        return;
      case 'close':
        expect(this.#callOf.has(output.channelId)).toBe(true);
        this.#callOf.delete(output.channelId);
        return;
      case 'call-over':
        expect([...this.#callOf.values()]).not.toContain(output.callid);
        this.#calls.delete(output.callid);
        return;
      default:
        return;
    }
  }
}
