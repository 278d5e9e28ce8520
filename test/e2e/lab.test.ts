/** The lab itself: what the other end-to-end tests stand on. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { extensionRange } from '../../lab/farm-conf.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { HEARD_RATE } from '../../lab/leg.js';
import { writeSound } from '../../lab/sounds.js';
import { until } from '../../lab/until.js';
import { decibels, strengthAt, tone } from '../tones.js';

/** The first run on a machine makes a Debian tree. */
const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 60_000;
const LOW_HZ = 440;
const HIGH_HZ = 1_000;
const TONE_DBFS = -12;

let lab: Lab;
const sounds = { low: '', high: '' };

beforeAll(async () => {
  lab = await startLab({ extensions: extensionRange(1100, 40, 'ulaw') });
  sounds.low = await writeSound(lab.folder, 'low', 8_000, tone(LOW_HZ, 8_000, 10, TONE_DBFS));
  sounds.high = await writeSound(lab.folder, 'high', 8_000, tone(HIGH_HZ, 8_000, 10, TONE_DBFS));
}, START_LIMIT_MS);

afterAll(async () => {
  await lab?.stop();
  expect(existsSync(lab?.folder ?? '')).toBe(false);
}, TEST_LIMIT_MS);

async function nothingLeftInThePbx(): Promise<void> {
  const left = async (): Promise<number> => (await lab.pbxAri.request<unknown[]>('GET', 'channels')).length;
  await until('the PBX has no channel left', async () => (await left()) === 0);
  expect(await lab.pbxAri.request('GET', 'bridges')).toEqual([]);
  expect(lab.problems).toEqual([]);
}

/** The tone in dBFS, once both ends are through: the middle second of what was heard. */
function levelOf(hz: number, heard: Int16Array): number {
  const from = Math.floor((heard.length - HEARD_RATE) / 2);
  return decibels(strengthAt(hz, HEARD_RATE, heard.subarray(from, from + HEARD_RATE)));
}

test(
  'each end of a call hears the other one and not itself',
  async () => {
    lab.phones.answers('1002', { afterMs: 300, plays: sounds.high, records: true });
    const caller = await lab.phones.call({
      from: '1001',
      to: '1002',
      plays: sounds.low,
      records: true,
      hangsUpAfterMs: 3_000,
    });
    const callee = await lab.phones.answeredBy('1002');

    expect(await caller.ended).toMatchObject({ cause: 16 });
    const [heardByCaller, heardByCallee] = [await caller.heard(), await callee.heard()];

    expect(levelOf(HIGH_HZ, heardByCaller)).toBeCloseTo(TONE_DBFS, 0);
    expect(levelOf(LOW_HZ, heardByCaller)).toBeLessThan(-60);
    expect(levelOf(LOW_HZ, heardByCallee)).toBeCloseTo(TONE_DBFS, 0);
    expect(levelOf(HIGH_HZ, heardByCallee)).toBeLessThan(-60);
    await nothingLeftInThePbx();
  },
  TEST_LIMIT_MS,
);

test(
  'the provider calls a DID, and an extension calls the outside world',
  async () => {
    lab.phones.answers('1001');
    const inbound = await lab.trunk.callsIn({ did: '2025550101', callerId: '4989123456' });
    const phone = await lab.phones.answeredBy('1001');
    const channels = await lab.pbxAri.request<{ name: string; caller: { number: string } }[]>('GET', 'channels');
    expect(channels.map(({ name, caller }) => `${name.split('-0')[0]} ${caller.number}`).sort()).toEqual([
      'PJSIP/1001 1001',
      'PJSIP/trunk-a 4989123456',
    ]);
    await phone.hangUp();
    await inbound.ended;

    lab.trunk.answers('4930654321', { afterMs: 50 });
    const outbound = await lab.phones.call({ from: '1002', to: '94930654321' });
    const outside = await lab.trunk.answeredBy('4930654321');
    await outbound.hangUp();
    expect(await outside.ended).toMatchObject({ cause: 16 });
    await nothingLeftInThePbx();
  },
  TEST_LIMIT_MS,
);

test(
  'a refused call says why',
  async () => {
    lab.phones.answers('1003', { afterMs: 'busy' });
    await expect(lab.phones.call({ from: '1001', to: '1003' })).rejects.toThrow(/17/);
    await nothingLeftInThePbx();
  },
  TEST_LIMIT_MS,
);

test(
  'twenty calls begin at once',
  async () => {
    const pairs = Array.from(
      { length: 20 },
      (_, index) => [String(1100 + 2 * index), String(1101 + 2 * index)] as const,
    );
    for (const [, to] of pairs) lab.phones.answers(to, { afterMs: 200, plays: sounds.high });
    const calls = await Promise.all(pairs.map(([from, to]) => lab.phones.call({ from, to, plays: sounds.low })));
    await Promise.all(pairs.map(([, to]) => lab.phones.answeredBy(to)));
    await Promise.all(calls.map((leg) => leg.hangUp()));
    await nothingLeftInThePbx();
  },
  TEST_LIMIT_MS,
);
