/** Asterisk refuses, or seems to refuse, each request of a tap: once, and lastingly. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { extensionRange } from '../../../lab/farm-conf.js';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import type { LogLine } from '../add-on.js';
import { expectUnharmed, harmIn } from '../heard-by-phones.js';
import { samplesOf } from '../listening-receiver.js';
import { expectExact, flows, noiseCall, playedBy } from '../noise-call.js';
import { type Fault, MAKING, type Passing, REMOVING, type Step } from './ari-proxy.js';
import { FaultyAri } from './faulty-ari.js';
import { nothingOf } from './own-pieces.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 150_000;
/** What has no answer takes 5 s. */
const FAULTS_LIMIT_MS = 90_000;
const FIRST_NUMBER = 1100;
/** A tap whose source could not be learnt sends until it is removed. */
const STRANGERS = 'from where no tap sends';

interface Row {
  readonly name: string;
  readonly fault: Fault;
  /** The caller's first tap fails at the first of these, its second one at the second, and so on. */
  readonly making: readonly Step[];
  /** Of the tap that fails at add-to-bridge: all of its pieces are there. */
  readonly removing: readonly Step[];
}

interface LastingRow {
  readonly step: Step;
  readonly fault: Fault;
  /** In what is said of it. */
  readonly words: string;
}

const ONCE: readonly Row[] = [
  // Asterisk would not say of a piece that it removes that there is none.
  { name: '404', fault: { answer: 404 }, making: MAKING, removing: [] },
  { name: '409', fault: { answer: 409 }, making: MAKING, removing: REMOVING },
  { name: '422', fault: { answer: 422 }, making: MAKING, removing: REMOVING },
  { name: '500', fault: { answer: 500 }, making: MAKING, removing: REMOVING },
  { name: 'a reset', fault: { answer: 'reset' }, making: MAKING, removing: REMOVING },
  {
    name: '500, though it was carried out',
    fault: { answer: 500, carriedOut: true },
    making: MAKING,
    removing: REMOVING,
  },
  {
    name: 'a reset, though it was carried out',
    fault: { answer: 'reset', carriedOut: true },
    making: MAKING,
    removing: REMOVING,
  },
  { name: 'no answer', fault: { answer: 'none' }, making: ['snoop', 'create-bridge', 'source'], removing: [] },
  {
    name: 'no answer, though it was carried out',
    fault: { answer: 'none', carriedOut: true },
    making: ['external-media', 'add-to-bridge'],
    removing: ['hang-up media'],
  },
];
const LASTING: readonly LastingRow[] = [
  { step: 'snoop', fault: { answer: 500 }, words: 'snoop: ' },
  { step: 'external-media', fault: { answer: 422 }, words: 'media: ' },
  { step: 'create-bridge', fault: { answer: 409, carriedOut: true }, words: 'bridge: ' },
  { step: 'add-to-bridge', fault: { answer: 422 }, words: 'addChannel' },
  { step: 'source', fault: { answer: 404 }, words: 'no RTP source' },
];

let lab: Lab;
/** Three at once: more would be too much for two cores. */
const LANES = 3;
const lanes: FaultyAri[] = [];
/** What a lane does is done one after the other. */
const busy: Promise<unknown>[] = [];

beforeAll(async () => {
  lab = await startLab({ extensions: extensionRange(FIRST_NUMBER, 2 * LANES, 'slin16') });
  for (let lane = 0; lane < LANES; lane++) {
    const pair = [String(FIRST_NUMBER + 2 * lane), String(FIRST_NUMBER + 2 * lane + 1)] as const;
    lanes.push(await FaultyAri.start(lab, `lane-${lane}`, pair));
  }
}, START_LIMIT_MS);
afterAll(async () => {
  await Promise.all(lanes.map((ari) => ari.stop(lab)));
  await lab?.stop();
}, TEST_LIMIT_MS);

/** Runs it when its lane is free. */
function inLane(number: number, run: (ari: FaultyAri) => Promise<void>): Promise<void> {
  const ari = lanes[number % LANES];
  if (ari === undefined) throw new Error('not started');
  const before = busy[number % LANES] ?? Promise.resolve();
  const done = before.then(() => ari.explains(() => run(ari)));
  // Its own test tells of a failure; those after it in the lane are tried all the same.
  busy[number % LANES] = done.catch(() => {
    ari.proxy.mends();
    ari.takeComplaints();
    ari.receiver.heard.clear();
  });
  return done;
}

/** Whether a request is of a tap on the caller's channel, which comes first; those of earlier calls do not count. */
function callersTaps({ proxy }: FaultyAri): (passing: Passing) => boolean {
  const earlier = proxy.channels.length;
  return ({ channel }) => channel !== undefined && proxy.channels[earlier] === channel;
}

async function callWithFaults(ari: FaultyAri, { fault, making, removing }: Row): Promise<void> {
  const { proxy, receiver, caller, callee, application } = ari;
  const isCallers = callersTaps(ari);
  const met: Step[] = [];
  const onceAt = (step: Step, index: number): void => {
    const isIt = (passing: Passing): boolean =>
      passing.what === step && isCallers(passing) && proxy.tapsOf(passing.channel ?? '')[index] === passing.tap;
    proxy.breaks(isIt, fault, 1, () => met.push(step));
  };
  for (const [index, step] of making.entries()) onceAt(step, index);
  for (const step of removing) onceAt(step, making.indexOf('add-to-bridge'));

  const call = await noiseCall(lab, undefined, caller, callee);
  await until('every fault was met', () => met.length === making.length + removing.length, FAULTS_LIMIT_MS);
  await flows(receiver, [caller, callee]);
  await call.caller.hangUp();
  const [fromCaller, fromCallee] = await receiver.ended([caller, callee]);
  if (fromCaller === undefined || fromCallee === undefined) throw new Error('unreachable');
  await nothingOf(lab, application);
  proxy.mends();

  // Asterisk refuses an id that it has seen, so that what was carried out must not be asked for again.
  const asked = proxy.passed.filter(({ what }) => what === 'external-media').map(({ tap }) => tap);
  expect(new Set(asked).size).toBe(asked.length);
  expectExact(fromCallee);
  expect(harmIn(samplesOf(fromCaller), playedBy(caller))).toMatchObject({ foreign: 0 });
  await expectUnharmed(call);
  expect(ari.takeComplaints().filter((words) => !words.includes(STRANGERS))).toEqual([]);
  expect(receiver.faults).toEqual([]);
  receiver.heard.clear();
}

async function callWithLastingFault(ari: FaultyAri, { step, fault, words }: LastingRow): Promise<void> {
  const { proxy, receiver, caller, callee, application } = ari;
  const isCallers = callersTaps(ari);
  proxy.breaks((passing) => passing.what === step && isCallers(passing), fault);
  const call = await noiseCall(lab, undefined, caller, callee);
  const isIt = ({ code, channel }: LogLine): boolean => code === 'TAP_FAILED' && said(channel, `PJSIP/${caller}-`);
  const { level, message } = await until('it is said', () => ari.newLines().find(isIt), FAULTS_LIMIT_MS);
  expect(level).toBe('error');
  expect(message).toContain(words);
  await flows(receiver, [callee]);
  await call.caller.hangUp();
  const [fromCallee] = await receiver.ended([callee]);
  await nothingOf(lab, application);
  proxy.mends();

  expectExact(fromCallee);
  await expectUnharmed(call);
  expect(ari.takeComplaints().filter((words) => !words.includes(STRANGERS))).toEqual([message]);
  receiver.heard.clear();
}

function said(field: unknown, words: string): boolean {
  return typeof field === 'string' && field.startsWith(words);
}

describe('a request of a tap fails', () => {
  const done: Promise<void>[] = [];
  beforeAll(() => {
    for (const [index, row] of ONCE.entries()) done.push(inLane(index, (ari) => callWithFaults(ari, row)));
    for (const [index, row] of LASTING.entries()) done.push(inLane(index, (ari) => callWithLastingFault(ari, row)));
    for (const run of done) run.catch(() => {});
  });

  test.each(ONCE.map(({ name }, index) => [name, index] as const))(
    'once, with %s: the participant is tapped all the same, and nothing is left',
    async (_name, index) => done[index],
    TEST_LIMIT_MS,
  );

  test.each(LASTING.map(({ step }, index) => [step, ONCE.length + index] as const))(
    'lastingly, at %s: that is said, and the call and its other participant come to no harm',
    async (_step, index) => done[index],
    TEST_LIMIT_MS,
  );
});
