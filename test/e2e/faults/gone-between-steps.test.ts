/** The phone hangs up between any two steps of its tap: while a request is on its way to Asterisk, or its answer to us. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { extensionRange } from '../../../lab/farm-conf.js';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { harmIn } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { samplesOf } from '../listening-receiver.js';
import { noiseCall, playedBy } from '../noise-call.js';
import { MAKING, type Passing } from './ari-proxy.js';
import { FaultyAri } from './faulty-ari.js';
import { nothingOf } from './own-pieces.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 90_000;
const FIRST_NUMBER = 1100;
const LONG_RING_MS = 30_000;

/** When the caller hangs up, and whether its request is held or the answer to it. */
const LANES = [
  { name: 'while it rings, before Asterisk has the request', isUp: false, answer: false },
  { name: 'while it rings, before we have the answer', isUp: false, answer: true },
  { name: 'in the call, before Asterisk has the request', isUp: true, answer: false },
  { name: 'in the call, before we have the answer', isUp: true, answer: true },
] as const;
type Lane = (typeof LANES)[number];

let lab: Lab;
const lanes: FaultyAri[] = [];

beforeAll(async () => {
  lab = await startLab({ extensions: extensionRange(FIRST_NUMBER, 2 * LANES.length, 'slin16') });
  for (const lane of LANES.keys()) {
    const pair = [String(FIRST_NUMBER + 2 * lane), String(FIRST_NUMBER + 2 * lane + 1)] as const;
    lanes.push(await FaultyAri.start(lab, `gone-${lane}`, pair));
  }
}, START_LIMIT_MS);
afterAll(async () => {
  await Promise.all(lanes.map((ari) => ari.stop(lab)));
  await lab?.stop();
}, TEST_LIMIT_MS);

/** A call whose caller's tap is held at this step while the caller hangs up. */
async function hangsUpAt(ari: FaultyAri, step: Passing['what'], { isUp, answer }: Lane): Promise<void> {
  const { proxy, receiver, addOn, caller, callee, application } = ari;
  const earlier = proxy.channels.length;
  const held = proxy.holds(
    // The caller's channel comes first, and what is asked of it.
    ({ what, channel }) => what === step && (what === 'format' || channel === proxy.channels[earlier]),
    answer,
  );
  const leg = isUp
    ? (await noiseCall(lab, undefined, caller, callee, { ringMs: 0 })).caller
    : await ringing(caller, callee);
  await held.reached;
  await leg.hangUp();
  const channelId = proxy.channels[earlier] ?? '';
  await until('Asterisk has ended the channel', async () =>
    (await lab.pbxAri.request<{ id: string }[]>('GET', 'channels')).every(({ id }) => id !== channelId),
  );
  held.letGo();
  await nothingOf(lab, application);
  await until('all connections are closed', () => receiver.connections === 0);
  const said = (words: string): number => addOn.lines.filter(({ message }) => message === words).length;
  await until('what began has ended', () => said('participant streams') === said('participant ended'));
  await until('the receiver knows it', () => [...receiver.heard.values()].every(({ ends }) => ends === 1));

  for (const heard of receiver.heard.values()) {
    expect({ step, ...harmIn(samplesOf(heard), playedBy(heard.number)) }).toMatchObject({ step, foreign: 0 });
  }
  if (!isUp) expect([...receiver.heard.keys()]).toEqual([]);
  expect({ step, complaints: ari.takeComplaints() }).toEqual({ step, complaints: [] });
  receiver.heard.clear();
}

async function ringing(caller: string, callee: string) {
  lab.phones.answers(callee, { afterMs: LONG_RING_MS });
  return lab.phones.dial({ from: caller, to: callee });
}

let runs: Promise<void>[] = [];
beforeAll(() => {
  runs = LANES.map(async (lane, index) => {
    const ari = lanes[index];
    if (ari === undefined) throw new Error('not started');
    await ari.explains(async () => {
      for (const step of ['format', ...MAKING] as const) await hangsUpAt(ari, step, lane);
    });
    expect(ari.receiver.faults).toEqual([]);
  });
  for (const run of runs) run.catch(() => {});
});

test.each(LANES.map(({ name }, index) => [name, index] as const))(
  'the phone hangs up at each step of its tap, %s: nothing is left, and no stream lacks its end',
  async (_name, index) => runs[index],
  TEST_LIMIT_MS,
);

test('nothing at all is left', async () => nothingLeft(lab), TEST_LIMIT_MS);
