/**
 * Asterisk itself hangs, restarts or dies in mid-call. The phones notice these: their call goes through that Asterisk. What
 * can be asked for is that the add-on ends no call, tears nothing down for nothing, and gives every stream its end.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { pidOf, stopProcess } from '../../../lab/asterisk/asterisk-process.js';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { type Harm, harmIn } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { type Heard, samplesOf } from '../listening-receiver.js';
import { expectExact, flows, NOISY_EXTENSIONS, noiseCall, playedBy } from '../noise-call.js';
import { FaultyAri } from './faulty-ari.js';
import { nothingOf } from './own-pieces.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 120_000;
const STOP_MS = 5_000;
/** How long until streams end whose Asterisk is silent: 10 s, and twice the 15 s between pings before that is noticed. */
const END_LIMIT_MS = 60_000;
/** With this in the environment the lost link is noticed by pings alone; otherwise it is cut. */
const AT_FULL_LENGTH = process.env.FAULTS_AT_FULL_LENGTH !== undefined;
const PAIR = ['1100', '1101'] as const;
const [CALLER, CALLEE] = PAIR;
const OTHERS = ['1102', '1103'] as const;

let lab: Lab;
let ari: FaultyAri;
let runs = 0;

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
}, START_LIMIT_MS);
beforeEach(async () => {
  runs += 1;
  const both = { streaming: { subscriptions: { extensions: [...PAIR, ...OTHERS] } } };
  ari = await FaultyAri.start(lab, `stops-${runs}`, PAIR, both);
}, TEST_LIMIT_MS);
afterEach(async () => ari.stop(lab), TEST_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

function harmOf(heard: Heard): Harm {
  return harmIn(samplesOf(heard), playedBy(heard.number));
}

/** What the add-on has counted as lost. */
function lostMsOf({ channelid }: Heard): number {
  const line = ari.addOn.lines.find(
    ({ message, channel }) => message === 'figures of the participant' && channel === channelid,
  );
  return Number(line?.lostMs);
}

function count(words: string): number {
  return ari.addOn.lines.filter(({ message }) => message === words).length;
}

/** Another call, whole from its first sample to its last. */
async function aCallIsStreamed(): Promise<void> {
  const { receiver, application } = ari;
  receiver.heard.clear();
  const call = await noiseCall(lab, receiver, CALLER, CALLEE);
  await call.caller.hangUp();
  for (const heard of await receiver.ended(PAIR)) expectExact(heard);
  await nothingOf(lab, application);
}

test(
  'Asterisk hangs for five seconds: streams and taps go on, one that is being made is made, and what is lost is counted',
  async () => {
    const { receiver, proxy } = ari;
    const call = await noiseCall(lab, receiver, CALLER, CALLEE);
    const held = proxy.holds(({ what }) => what === 'external-media', false);
    const other = await noiseCall(lab, undefined, OTHERS[0], OTHERS[1]);
    await held.reached;
    const goOn = stopProcess(lab.pbx);
    held.letGo();
    // The length of the fault.
    await pause(STOP_MS);
    goOn();
    await flows(receiver, [...PAIR, ...OTHERS]);
    expect(count('participant ended')).toBe(0);
    for (const channel of proxy.channels.slice(0, PAIR.length)) expect(proxy.tapsOf(channel)).toHaveLength(1);
    expect([call, other].every(({ caller, callee }) => caller.isUp && callee.isUp)).toBe(true);

    await Promise.all([call.caller.hangUp(), other.caller.hangUp()]);
    const streams = await receiver.ended([...PAIR, ...OTHERS]);
    await nothingLeft(lab);
    for (const heard of streams) expect(harmOf(heard)).toMatchObject({ foreign: 0 });
    for (const heard of streams.slice(0, PAIR.length)) {
      const lostMs = lostMsOf(heard);
      const { longestSilence } = harmOf(heard);
      // The snoop of a busy Asterisk puts silence of its own beside it.
      expect({ lostMs, longestSilence, isCounted: Math.abs(longestSilence - lostMs) < 200 }).toEqual({
        lostMs,
        longestSilence,
        isCounted: true,
      });
      expect(lostMs).toBeGreaterThan(STOP_MS / 2);
    }
    expect(ari.takeComplaints()).toEqual([]);
    expect(receiver.faults).toEqual([]);
  },
  TEST_LIMIT_MS,
);

test(
  'Asterisk hangs for longer than is waited for: streams end, and begin anew when it goes on',
  async () => {
    const { receiver, addOn, proxy, application } = ari;
    const call = await noiseCall(lab, receiver, CALLER, CALLEE);
    const goOn = stopProcess(lab.pbx);
    try {
      if (!AT_FULL_LENGTH) proxy.cutEvents();
      await addOn.reports('ARI_CONNECTION_LOST', END_LIMIT_MS);
      const streams = await receiver.ended(PAIR, END_LIMIT_MS);
      for (const heard of streams) expectExact(heard);
      await until('the call is finished', () => receiver.closeCodes.includes(1000));
    } finally {
      goOn();
    }
    proxy.letEventsThrough();
    receiver.heard.clear();
    await until('it is connected again', () => count('connected to Asterisk') === 2, END_LIMIT_MS);
    await flows(receiver, PAIR);
    expect(call.caller.isUp && call.callee.isUp).toBe(true);
    await call.caller.hangUp();
    for (const heard of await receiver.ended(PAIR)) expect(harmOf(heard)).toMatchObject({ foreign: 0 });
    await nothingOf(lab, application);
    expect(addOn.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(receiver.faults).toEqual([]);
    await aCallIsStreamed();
  },
  TEST_LIMIT_MS,
);

test(
  'Asterisk restarts in mid-call (core restart now): streams end, and the next call is streamed',
  async () => {
    const { receiver, addOn } = ari;
    await noiseCall(lab, receiver, CALLER, CALLEE);
    const pid = pidOf(lab.pbx);
    await lab.pbx.cli('core restart now').catch(() => 'it goes while it answers');
    expect((await addOn.reports('ARI_CONNECTION_LOST')).level).toBe('warn');
    for (const heard of await receiver.ended(PAIR, END_LIMIT_MS)) expectExact(heard);
    await until('the call is finished', () => receiver.closeCodes.includes(1000));
    await until('it is connected again', () => count('connected to Asterisk') === 2, END_LIMIT_MS);
    expect(pidOf(lab.pbx)).toBe(pid);
    await lab.phonesRegister();
    await nothingLeft(lab);
    await aCallIsStreamed();
    expect(addOn.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(receiver.faults).toEqual([]);
  },
  TEST_LIMIT_MS,
);

test(
  'Asterisk is killed in mid-call and stays away: streams get their end all the same',
  async () => {
    const { receiver, addOn } = ari;
    const call = await noiseCall(lab, receiver, CALLER, CALLEE);
    await lab.pbx.kill();
    for (const heard of await receiver.ended(PAIR, END_LIMIT_MS)) expectExact(heard);
    await until('the call is finished', () => receiver.closeCodes.includes(1000));
    expect(count('connected to Asterisk')).toBe(1);
    expect(count('participant ended')).toBe(PAIR.length);
    await Promise.all([call.caller.hangUp(), call.callee.hangUp()]);

    await lab.restartPbx();
    await until('it is connected again', () => count('connected to Asterisk') === 2, END_LIMIT_MS);
    await aCallIsStreamed();
    expect(addOn.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(receiver.faults).toEqual([]);
  },
  TEST_LIMIT_MS,
);
