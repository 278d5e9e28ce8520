/** SIGTERM and SIGINT whatever else is wrong: the end comes in time, what is lost is said, nothing is left, and the phones talk on. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { pidOf } from '../../../lab/asterisk/asterisk-process.js';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { AddOn, type SettingsPart } from '../add-on.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { ListeningReceiver } from '../listening-receiver.js';
import { expectExact, flows, NOISY_EXTENSIONS, noiseCall, RATE } from '../noise-call.js';
import { tapsInAsterisk } from './taps-in-asterisk.js';
import { TcpLine } from './tcp-line.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 90_000;
/** Streams are ended in order for five seconds at most; as long again for a machine that is busy with other things. */
const END_LIMIT_MS = 10_000;
/** An Asterisk that does not answer is waited for as well. After so long systemd would kill it (TimeoutStopSec). */
const DEAF_LIMIT_MS = 15_000;
const TALK_MS = 1_000;
/** A little more than the 92 kB/s that two streams are at this rate. */
const SLOW_OCTETS_PER_SECOND = 110_000;
/** How much has piled up when the slow line is opened. */
const BACKLOG_MS = 1_500;
const SETUP_DELAYS_MS = [0, 5, 15, 30, 60];

type Pair = readonly [from: string, to: string];

let lab: Lab;
const addOns: AddOn[] = [];
const receivers: ListeningReceiver[] = [];

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
}, START_LIMIT_MS);
afterEach(async () => {
  for (const addOn of addOns.splice(0)) {
    await addOn.stop('SIGKILL');
    expect(addOn.output).not.toContain('"code":"UNEXPECTED"');
    expect(addOn.output).not.toContain(lab.pbx.ari.password);
  }
  for (const receiver of receivers.splice(0)) await receiver.stop();
}, TEST_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

async function newReceiver(): Promise<ListeningReceiver> {
  const receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
  receivers.push(receiver);
  return receiver;
}

/** One of several on this Asterisk: with a name of its own, and for one call. */
async function newAddOn(app: string, pair: Pair, receiver: ListeningReceiver, streaming: SettingsPart = {}) {
  const settings = { asterisk: { app }, streaming: { subscriptions: { extensions: pair }, ...streaming } };
  const addOn = await AddOn.linked(lab, receiver, settings);
  addOns.push(addOn);
  return addOn;
}

/** Its exit code, and how long it took to end. */
async function told(addOn: AddOn, signal: NodeJS.Signals, limitMs = END_LIMIT_MS): Promise<number | null> {
  const toldAt = performance.now();
  const code = await addOn.stop(signal);
  expect(performance.now() - toldAt).toBeLessThan(limitMs);
  return code;
}

/** Fragments that it made of what was said. */
function fragmentsOf(addOn: AddOn): number {
  const ended = addOn.lines.filter(({ message }) => message === 'participant ended');
  return ended.reduce((sum, { fragments }) => sum + Number(fragments), 0);
}

/** Fragments that it says were lost. */
function lossOf(addOn: AddOn): number {
  const losses = addOn.lines.filter(({ message }) => message.startsWith('call streamed with losses'));
  expect(losses.map(({ level }) => level)).toEqual(['warn']);
  return losses.reduce((sum, { dropped, unconfirmed }) => sum + Number(dropped) + Number(unconfirmed), 0);
}

async function receiverIsDown(pair: Pair): Promise<void> {
  const receiver = await newReceiver();
  await receiver.stop();
  const addOn = await newAddOn('down', pair, receiver);
  const call = await noiseCall(lab, undefined, ...pair);
  await addOn.reports('RECEIVER_REFUSED');
  await pause(TALK_MS);
  expect(await told(addOn, 'SIGTERM')).toBe(0);
  expect(fragmentsOf(addOn)).toBeGreaterThan(0);
  expect(lossOf(addOn)).toBe(fragmentsOf(addOn));
  expect((await tapsInAsterisk(lab, 'down')).ids).toEqual([]);
  await call.caller.hangUp();
  await expectUnharmed(call);
}

async function receiverIsStalled(pair: Pair): Promise<void> {
  const receiver = await newReceiver();
  receiver.stalls = true;
  const addOn = await newAddOn('stalled', pair, receiver);
  const call = await noiseCall(lab, undefined, ...pair);
  await until('the call has its connection', () => receiver.connections === 1);
  await pause(TALK_MS);
  expect(await told(addOn, 'SIGINT')).toBe(0);
  expect(receiver.heard.size).toBe(0);
  expect(lossOf(addOn)).toBe(fragmentsOf(addOn));
  expect((await tapsInAsterisk(lab, 'stalled')).ids).toEqual([]);
  await call.caller.hangUp();
  await expectUnharmed(call);
}

async function receiverIsSlow(pair: Pair): Promise<void> {
  const receiver = await newReceiver();
  const line = await new TcpLine(Number(new URL(receiver.address).port), {
    octetsPerSecond: SLOW_OCTETS_PER_SECOND,
  }).open();
  await line.cut();
  const serverAddress = `ws://127.0.0.1:${line.port}/`;
  const addOn = await newAddOn('slow', pair, receiver, { serverAddress });
  const call = await noiseCall(lab, undefined, ...pair);
  await pause(BACKLOG_MS);
  await line.open();
  await until('the first of it has come', () => receiver.heard.size > 0);
  expect(await told(addOn, 'SIGTERM')).toBe(0);
  const streams = await receiver.ended(pair);
  for (const stream of streams) expectExact(stream);
  expect(streams.map(({ ends }) => ends)).toEqual([1, 1]);
  expect(streams.reduce((sum, { fragments }) => sum + fragments.length, 0)).toBe(fragmentsOf(addOn));
  expect(receiver.closeCodes).toEqual([1000]);
  expect(await addOn.says('call streamed')).toMatchObject({ level: 'info', dropped: 0, unconfirmed: 0 });
  expect((await tapsInAsterisk(lab, 'slow')).ids).toEqual([]);
  await call.caller.hangUp();
  await expectUnharmed(call);
  await line.cut();
}

async function callIsBeingSetUp(pair: Pair): Promise<void> {
  const receiver = await newReceiver();
  for (const delayMs of SETUP_DELAYS_MS) {
    const addOn = await newAddOn('setting-up', pair, receiver);
    const up = noiseCall(lab, undefined, ...pair);
    await until('a phone is tapped', async () => (await tapsInAsterisk(lab, 'setting-up')).ids.length > 0);
    await pause(delayMs);
    expect(await told(addOn, 'SIGTERM')).toBe(0);
    expect((await tapsInAsterisk(lab, 'setting-up')).ids).toEqual([]);
    const call = await up;
    await pause(TALK_MS / 2); // So that there is something to hear.
    await call.caller.hangUp();
    await expectUnharmed(call);
  }
}

test(
  'the receiver is down, stalled or slow, or a call is being set up: exit 0 in time, the loss is said, nothing is left',
  async () => {
    await Promise.all([
      receiverIsDown(['1100', '1101']),
      receiverIsStalled(['1102', '1103']),
      receiverIsSlow(['1104', '1105']),
      callIsBeingSetUp(['1106', '1107']),
    ]);
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);

test.each([['SIGTERM'], ['SIGINT']] as const)(
  'a second %s ends it at once with 130; what that leaves, the next start removes',
  async (signal) => {
    const pair: Pair = ['1100', '1101'];
    const receiver = await newReceiver();
    receiver.stalls = true;
    const first = await newAddOn('twice', pair, receiver);
    const call = await noiseCall(lab, undefined, ...pair);
    first.signal(signal);
    await first.says('stopping');
    const toldAt = performance.now();
    expect(await first.stop(signal)).toBe(130);
    expect(performance.now() - toldAt).toBeLessThan(TALK_MS);

    receiver.stalls = false;
    const next = await newAddOn('twice', pair, receiver);
    await flows(receiver, pair);
    const { runs, unfinished } = await tapsInAsterisk(lab, 'twice');
    expect({ runs: runs.length, unfinished }).toEqual({ runs: 1, unfinished: 0 });
    expect(await told(next, 'SIGTERM')).toBe(0);
    await call.caller.hangUp();
    await expectUnharmed(call);
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);

test(
  'Asterisk is stopped (SIGSTOP): the ends reach the receiver, exit 0 in time, and the next start removes what is left',
  async () => {
    const pair: Pair = ['1100', '1101'];
    const receiver = await newReceiver();
    const addOn = await newAddOn('deaf', pair, receiver);
    const call = await noiseCall(lab, receiver, ...pair);
    const pid = pidOf(lab.pbx);
    process.kill(pid, 'SIGSTOP');
    try {
      expect(await told(addOn, 'SIGTERM', DEAF_LIMIT_MS)).toBe(0);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    const streams = await receiver.ended(pair);
    for (const stream of streams) expectExact(stream);
    await until('the connection is closed', () => receiver.closeCodes.includes(1000));
    expect(await addOn.says('Asterisk did not remove every tap')).toMatchObject({ level: 'warn', taps: 2 });
    receiver.heard.clear();

    const next = await newAddOn('deaf', pair, receiver);
    await flows(receiver, pair);
    expect((await tapsInAsterisk(lab, 'deaf')).runs).toHaveLength(1);
    expect(await told(next, 'SIGTERM')).toBe(0);
    // The phones hear nothing of each other while Asterisk, which is between them, stands still. They hang up for themselves.
    expect(call.caller.isUp && call.callee.isUp).toBe(true);
    await call.caller.hangUp();
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);

test(
  'Asterisk is down (SIGKILL): the ends reach the receiver, and the exit code is 0',
  async () => {
    const pair: Pair = ['1100', '1101'];
    const receiver = await newReceiver();
    const addOn = await newAddOn('orphan', pair, receiver);
    const call = await noiseCall(lab, receiver, ...pair);
    await lab.pbx.kill();
    expect(await told(addOn, 'SIGTERM')).toBe(0);
    const streams = await receiver.ended(pair);
    for (const stream of streams) expectExact(stream);
    expect(receiver.closeCodes).toEqual([1000]);
    await Promise.all([call.caller.hangUp(), call.callee.hangUp()]);
  },
  TEST_LIMIT_MS,
);
