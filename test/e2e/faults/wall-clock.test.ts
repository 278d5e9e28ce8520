/**
 * The wall clock is set by an hour, forwards and back, in mid-call: for the add-on alone, by libfaketime, since the clock of the
 * machine is everybody's. What the program asks the kernel for goes on being the real thing, the monotonic clock included.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { installMissing } from '../../../lab/asterisk/apt.js';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { AddOn } from '../add-on.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { ListeningReceiver } from '../listening-receiver.js';
import { expectExact, flows, NOISY_EXTENSIONS, noiseCall, RATE } from '../noise-call.js';
import { PageAdmin } from './page-admin.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 90_000;
const PARTIES = ['1100', '1101'] as const;
const HOUR = 3_600_000;
/** A call of this test is over long before. */
const CALL_LIMIT_MS = 120_000;

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn;
let admin: PageAdmin;

beforeAll(async () => {
  await installMissing({ faketime: 'faketime' }, () => undefined);
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
  receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
  await setClock(0);
  const through = [
    'env',
    // The dynamic linker knows the folder of this machine's architecture.
    'LD_PRELOAD=/usr/$LIB/faketime/libfaketime.so.1',
    `FAKETIME_TIMESTAMP_FILE=${clockFile()}`,
    'FAKETIME_NO_CACHE=1',
    'FAKETIME_DONT_FAKE_MONOTONIC=1',
    'DONT_FAKE_MONOTONIC=1',
    'NO_FAKE_STAT=1',
  ];
  addOn = await AddOn.start(lab, receiver, { web: { listen: '127.0.0.1:0' } }, through);
  await addOn.says('connected to Asterisk');
  admin = await PageAdmin.at(addOn);
}, START_LIMIT_MS);
afterAll(async () => {
  await addOn?.stop();
  await receiver?.stop();
  await lab?.stop();
}, TEST_LIMIT_MS);

function clockFile(): string {
  return join(lab.folder, 'wall-clock');
}

/** How far the add-on's clock is ahead of ours. */
async function setClock(aheadMs: number): Promise<void> {
  const seconds = aheadMs / 1_000;
  await writeFile(clockFile(), seconds < 0 ? String(seconds) : `+${seconds}`);
}

/** By the newest line of its audit trail, which this makes. */
async function aheadMs(callid: string): Promise<number> {
  expect((await admin.orderStreaming(callid)).status).toBe(204);
  const [entry] = await admin.trail();
  return Date.parse(entry?.at ?? '') - Date.now();
}

const isAbout = (wanted: number, found: number): boolean => Math.abs(found - wanted) < HOUR / 10;

test(
  'an hour forwards, two back and one forwards: the streams are exact, nothing times out, the history has true durations',
  async () => {
    expect((await admin.setUp()).status).toBe(200);
    const begun = performance.now();
    const call = await noiseCall(lab, receiver, ...PARTIES);
    const callid = [...receiver.heard.values()][0]?.callid ?? '';
    for (const step of [HOUR, -HOUR, 0]) {
      await setClock(step);
      await until(`the clock is ${step} ms ahead`, async () => isAbout(step, await aheadMs(callid)));
      await flows(receiver, PARTIES);
      expect(await isWell()).toBe(true);
    }
    await setClock(-HOUR);
    await call.caller.hangUp();
    for (const stream of await receiver.ended(PARTIES)) expectExact(stream);
    expect(await addOn.says('call streamed')).toMatchObject({ reconnects: 0, resent: 0, dropped: 0, unconfirmed: 0 });
    const tookMs = performance.now() - begun;

    const [kept] = await until('the history has the call', async () => {
      const calls = await admin.calls();
      return calls[0]?.endedAt ? calls : undefined;
    });
    for (const { begunAt, endedAt } of [kept, ...(kept?.participants ?? [])].flatMap((one) => one ?? [])) {
      const durationMs = Date.parse(endedAt ?? '') - Date.parse(begunAt);
      expect(durationMs).toBeGreaterThan(0);
      expect(durationMs).toBeLessThan(Math.min(tookMs, CALL_LIMIT_MS));
    }
    expect(addOn.lines.filter(({ code }) => code !== undefined)).toEqual([]);
    expect(addOn.lines.filter(({ message }) => message === 'connected to Asterisk')).toHaveLength(1);
    // The log goes by the clock as it is set.
    const times = addOn.lines.map(({ time }) => Date.parse(String(time)) - Date.now());
    expect(Math.max(...times)).toBeGreaterThan(HOUR / 2);
    expect(Math.min(...times)).toBeLessThan(-HOUR / 2);
    await expectUnharmed(call);
  },
  TEST_LIMIT_MS,
);

test(
  'a call that comes with the clock an hour behind is streamed like another',
  async () => {
    receiver.heard.clear();
    const call = await noiseCall(lab, receiver, '1102', '1103');
    await call.caller.hangUp();
    for (const stream of await receiver.ended(['1102', '1103'])) expectExact(stream);
    await expectUnharmed(call);
    await nothingLeft(lab);
    expect(addOn.output).not.toContain(lab.pbx.ari.password);
  },
  TEST_LIMIT_MS,
);

/** Whoever is signed in stays so, and health is what it was. */
async function isWell(): Promise<boolean> {
  const answers = await Promise.all(['/healthz', '/readyz'].map((path) => fetch(`${addOn.monitoringUrl}${path}`)));
  return answers.every(({ status }) => status === 200);
}
