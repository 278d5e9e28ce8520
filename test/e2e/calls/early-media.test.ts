/** Streams that begin while it still rings, for a call of an extension group; and a group that is switched off. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { AddOn, type SettingsPart } from '../add-on.js';
import { nothingLeft } from '../leftovers.js';
import { ListeningReceiver } from '../listening-receiver.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 60_000;
const FRAGMENTS = 10;

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn | undefined;

beforeAll(async () => {
  lab = await startLab();
  lab.phones.answers('1002', { afterMs: 'never' });
}, START_LIMIT_MS);
beforeEach(async () => {
  receiver = await new ListeningReceiver({ sampleRate: 8000 }).start();
});
afterEach(async () => {
  await addOn?.stop();
  await receiver.stop();
});
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

async function addOnFor(streaming: SettingsPart): Promise<void> {
  const subscriptions = { extensions: [], extensionGroups: ['team'] };
  addOn = await AddOn.linked(lab, receiver, {
    calls: { extensionGroups: { team: ['1001', '_20XX'] } },
    streaming: { sampleRate: 8000, subscriptions, ...streaming },
  });
}

/** Calls a phone that rings for ever, and hangs up when that is so. */
async function callUntil(fact: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const leg = await lab.phones.dial({ from: '1001', to: '1002' });
  await until(fact, holds);
  await leg.hangUp();
  await nothingLeft(lab);
  await until('all connections are closed', () => receiver.connections === 0);
}

async function isTapped(): Promise<boolean> {
  const channels = await lab.pbxAri.request<{ id: string }[]>('GET', 'channels');
  return channels.filter(({ id }) => id.startsWith('aas~')).length === 4;
}

test(
  'with streaming.earlyMedia both are streamed while it rings',
  async () => {
    await addOnFor({ earlyMedia: true });
    await callUntil('both are heard while it rings', () => {
      const heard = [...receiver.heard.values()].filter(({ fragments }) => fragments.length >= FRAGMENTS);
      return heard.length === 2;
    });
    expect([...receiver.heard.values()].map(({ number, ends }) => `${number} ${ends}`).sort()).toEqual([
      '1001 1',
      '1002 1',
    ]);
    expect(receiver.closeCodes).toEqual([1000]);
    expect(receiver.faults).toEqual([]);
  },
  TEST_LIMIT_MS,
);

test(
  'without it nobody is, though both are tapped already',
  async () => {
    await addOnFor({});
    await callUntil('both are tapped', isTapped);
    expect(receiver.upgrades).toEqual([]);
  },
  TEST_LIMIT_MS,
);

test(
  'a group whose kind is switched off is not even tapped',
  async () => {
    await addOnFor({ subscriptions: { extensions: [], extensionGroups: ['team'], enableExtensionGroups: false } });
    await callUntil('it rings', async () => {
      const channels = await lab.pbxAri.request<{ state: string }[]>('GET', 'channels');
      return channels.some(({ state }) => state === 'Ringing');
    });
    expect(receiver.upgrades).toEqual([]);
    expect(addOn?.lines.filter(({ message }) => message === 'tap live')).toEqual([]);
  },
  TEST_LIMIT_MS,
);
