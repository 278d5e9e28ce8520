/** Settings that change while a call is up. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../lab/lab.js';
import type { Leg } from '../../lab/leg.js';
import { writeSound } from '../../lab/sounds.js';
import { until } from '../../lab/until.js';
import { strengthAt, tone } from '../tones.js';
import { AddOn } from './add-on.js';
import { nothingLeft } from './leftovers.js';
import { type Heard, ListeningReceiver, samplesOf } from './listening-receiver.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 60_000;
const HZ = { '1001': 500, '1002': 900, '1003': 700, '1004': 1100 };
type Phone = keyof typeof HZ;

let lab: Lab;
let first: ListeningReceiver;
let second: ListeningReceiver;
let addOn: AddOn;

beforeAll(async () => {
  lab = await startLab();
  for (const [number, hz] of Object.entries(HZ)) await writeSound(lab.folder, number, 8000, tone(hz, 8000, 60, -12));
  first = await new ListeningReceiver({ sampleRate: 16000 }).start();
  second = await new ListeningReceiver({ sampleRate: 8000 }).start();
  addOn = await AddOn.linked(lab, first, { streaming: { subscriptions: { extensions: [] } } });
}, START_LIMIT_MS);
afterAll(async () => {
  await addOn?.stop();
  await first?.stop();
  await second?.stop();
  await lab?.stop();
}, TEST_LIMIT_MS);

async function call(from: Phone, to: Phone): Promise<Leg> {
  lab.phones.answers(to, { afterMs: 200, plays: `${lab.folder}/${to}` });
  return lab.phones.call({ from, to, plays: `${lab.folder}/${from}` });
}

/** Waits until ten more fragments of each have come, and gives what came of them so far. */
async function flowing(receiver: ListeningReceiver, phones: readonly Phone[]): Promise<Heard[]> {
  const of = (phone: Phone) => [...receiver.heard.values()].filter(({ number }) => number === phone).at(-1);
  const before = phones.map((phone) => of(phone)?.fragments.length ?? 0);
  return until(`${phones.join(' and ')} are heard`, () => {
    const heard = phones.flatMap((phone) => of(phone) ?? []);
    const isMore = heard.every(({ fragments }, index) => fragments.length >= (before[index] ?? 0) + 10);
    return heard.length === phones.length && isMore ? heard : undefined;
  });
}

function expectTones(heard: readonly Heard[], sampleRate: number): void {
  for (const one of heard) {
    const pcm = samplesOf(one).subarray(-sampleRate / 5);
    expect({ number: one.number, heard: strengthAt(HZ[one.number as Phone], sampleRate, pcm) > 4000 }).toEqual({
      number: one.number,
      heard: true,
    });
  }
}

/** What of ours there is in Asterisk. */
async function taps(): Promise<number> {
  const channels = await lab.pbxAri.request<{ id: string }[]>('GET', 'channels');
  return channels.filter(({ id }) => id.startsWith('aas~')).length;
}

test(
  'subscriptions and the switch hold at once, an address and a rate for new calls, or on request for all',
  async () => {
    const running = await call('1001', '1002');
    expect(first.heard.size).toBe(0);

    await addOn.change({ streaming: { subscriptions: { extensions: ['1002', '1004'] } } });
    expectTones(await flowing(first, ['1001', '1002']), 16000);

    await addOn.change({ streaming: { sampleRate: 11025, subscriptions: { extensions: [] } } });
    expect(await addOn.says('streaming.sampleRate')).toMatchObject({ level: 'error' });
    await flowing(first, ['1001', '1002']);

    await addOn.change({
      streaming: { sampleRate: 8000, serverAddress: second.address, subscriptions: { extensions: ['1002', '1004'] } },
    });
    const later = await call('1003', '1004');
    expectTones(await flowing(second, ['1003', '1004']), 8000);
    expectTones(await flowing(first, ['1001', '1002']), 16000);

    await addOn.change({}, 'SIGUSR2');
    await first.ended(['1001', '1002']);
    expectTones(await flowing(second, ['1001', '1002', '1003', '1004']), 8000);
    await until('the first receiver is let go', () => first.closeCodes.length === 1);

    await addOn.change({ streaming: { enable: false } });
    await second.ended(['1001', '1002', '1003', '1004']);
    await until('no tap is left, and the calls are', async () => (await taps()) === 0);
    expect(await lab.pbxAri.request('GET', 'channels')).toHaveLength(4);

    await Promise.all([running.hangUp(), later.hangUp()]);
    await nothingLeft(lab);
    await until('all connections are closed', () => second.connections === 0);
    expect([...first.closeCodes, ...second.closeCodes]).toEqual([1000, 1000, 1000, 1000]);
    expect([...first.faults, ...second.faults]).toEqual(expect.not.arrayContaining([expect.stringContaining('label')]));
  },
  TEST_LIMIT_MS,
);
