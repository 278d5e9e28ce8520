/**
 * A receiver that stays dead while many talk: what the add-on keeps is bounded, and it does not get slower.
 *
 * In CI 21 calls with short buffers are watched for half a minute after these are full. The whole of it, 51 calls with the
 * default buffer for ten minutes, with the figures of each minute: `BOUNDED_MINUTES=10 npm run test:e2e -- bounded`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { extensionRange } from '../../../lab/farm-conf.js';
import { type Lab, startLab } from '../../../lab/lab.js';
import { figuresOf, type ProcessFigures } from '../../../lab/linux-process.js';
import { liveHeapOf } from '../../../lab/live-heap.js';
import { writeSound } from '../../../lab/sounds.js';
import { until } from '../../../lab/until.js';
import { CONNECTIONS_PER_SECOND } from '../../../src/core/relay/connection-pace.js';
import { FRAGMENT_SAMPLES } from '../../../src/core/relay/protocol.js';
import { parsePrometheusText, sampleOf } from '../../prometheus-text.js';
import { tone } from '../../tones.js';
import { AddOn } from '../add-on.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { NOISY_EXTENSIONS, noiseCall, RATE } from '../noise-call.js';

/** Runs the add-on so that its heap can be looked at. */
const WITH_INSPECTOR = ['env', 'NODE_OPTIONS=--inspect=127.0.0.1:0'];
const MIB = 1024 * 1024;

const MINUTES = Number(process.env.BOUNDED_MINUTES ?? 0);
const WHOLE = MINUTES > 0;
const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 120_000 + MINUTES * 60_000;

const TONE_CALLS = WHOLE ? 50 : 20;
const FIRST_NUMBER = 1200;
const PARTICIPANTS = 2 * TONE_CALLS + 2;
const BUFFER_SECONDS = WHOLE ? 30 : 2;
const CAPACITY = Math.ceil((BUFFER_SECONDS * RATE) / FRAGMENT_SAMPLES[RATE]);
const PERIODS = WHOLE ? MINUTES : 4;
const PERIOD_MS = WHOLE ? 60_000 : 7_500;
/** Nobody plays longer in a noise call. */
const NOISE_CALL_MS = 100_000;

/**
 * How much more may be held at the end than when the buffers were full, in MiB: what has nothing to do with time, such as
 * code that V8 compiles. What comes in while the test watches is 40 MiB, in ten minutes 1.8 GiB.
 */
const HELD_GROWTH_MIB = 4;
/** CPU time of the same work on a machine that is busy with other things as well. A queue that grew would double it and more. */
const CPU_GROWTH = 1.5;
/** Sockets that are being opened in the moment of counting. */
const OPEN_FILES_GROWTH = CONNECTIONS_PER_SECOND;
/** Ten minutes see many rounds of V8's collector, between which the memory swings. */
const RSS_GROWTH_MIB = 40;

interface Sample extends ProcessFigures {
  /** What is held once all garbage is collected, in bytes. */
  readonly held: number;
  readonly lost: number;
  readonly waiting: number;
  readonly failures: number;
  readonly at: number;
}

let lab: Lab;
let addOn: AddOn;

beforeAll(async () => {
  const phones = extensionRange(FIRST_NUMBER, 2 * TONE_CALLS, 'ulaw');
  lab = await startLab({ extensions: [...NOISY_EXTENSIONS, ...phones] });
}, START_LIMIT_MS);
afterEach(async () => {
  await addOn.stop();
  expect(addOn.output).not.toContain('"code":"UNEXPECTED"');
}, TEST_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

async function toneCalls() {
  const plays = await writeSound(lab.folder, 'tone', 8_000, tone(440, 8_000, 60, -12));
  const numbers = Array.from({ length: TONE_CALLS }, (_, index) => FIRST_NUMBER + 2 * index);
  const conduct = { plays, repeats: true };
  const calls = [];
  for (const number of numbers) {
    lab.phones.answers(String(number + 1), { ...conduct, afterMs: 0 });
    calls.push(await lab.phones.call({ ...conduct, from: String(number), to: String(number + 1) }));
  }
  return calls;
}

async function sample(): Promise<Sample> {
  const answer = await fetch(`${addOn.monitoringUrl}/metrics`);
  const scraped = parsePrometheusText(await answer.text());
  const of = (series: string): number => sampleOf(scraped, `ari_audio_stream_${series}`) ?? 0;
  const inspector = await until('the inspector listens', () => /ws:\/\/127\.0\.0\.1:\d+\/\S+/.exec(addOn.text)?.[0]);
  const [figures, held] = [figuresOf(addOn.pid), await liveHeapOf(inspector)];
  if (figures === undefined || held === undefined) throw new Error('the add-on does not answer');
  return {
    ...figures,
    held,
    lost: of('fragments_lost_total{reason="buffer_full"}'),
    waiting: of('queue_messages{state="waiting"}'),
    failures: of('receiver_failures_total{code="RECEIVER_REFUSED"}'),
    at: performance.now(),
  };
}

/** Of the period between two samples: the share of a core. */
function loadBetween(from: Sample, to: Sample): number {
  return (to.cpuSeconds - from.cpuSeconds) / ((to.at - from.at) / 1000);
}

function tell(samples: readonly Sample[]): void {
  const rows = samples.map((now, index) => {
    const load = loadBetween(samples[index - 1] ?? now, now);
    const figures = [now.rss / MIB, now.held / MIB, load * 100].map((figure) => figure.toFixed(1));
    return [index, ...figures, now.handles, now.waiting, now.lost, now.failures].join('\t');
  });
  const head = 'period\tRSS MiB\theld MiB\tCPU %\tfiles\twaiting\tlost\tattempts';
  process.stdout.write(`${[head, ...rows].join('\n')}\n`);
}

test(
  'the receiver is dead and many talk: memory, CPU and open files stay flat, and the loss is counted',
  async () => {
    // Nothing listens on port 9.
    const streaming = { bufferSeconds: BUFFER_SECONDS, serverAddress: 'ws://127.0.0.1:9/' };
    addOn = await AddOn.start(lab, undefined, { streaming, log: { level: 'info' } }, WITH_INSPECTOR);
    await addOn.says('connected to Asterisk');
    const calls = await toneCalls();
    const noisy = await noiseCall(lab, undefined, '1100', '1101', { hangsUpAfterMs: NOISE_CALL_MS });
    const isFull = async () => (await sample()).waiting >= PARTICIPANTS * CAPACITY;
    await until('all buffers are full', isFull, 2 * BUFFER_SECONDS * 1000 + 15_000);

    const samples = [await sample()];
    for (let period = 0; period < PERIODS; period++) {
      await pause(PERIOD_MS);
      samples.push(await sample());
    }
    if (WHOLE) tell(samples);
    const [first, second, middle, last] = [0, 1, PERIODS / 2, PERIODS].map((index) => samples[Math.floor(index)]);
    if (!first || !second || !middle || !last) throw new Error('unreachable');

    expect(last.waiting).toBeLessThanOrEqual(PARTICIPANTS * CAPACITY);
    expect(last.lost).toBeGreaterThan(middle.lost);
    expect(last.held).toBeLessThan(first.held + HELD_GROWTH_MIB * MIB);
    expect(last.handles).toBeLessThan(first.handles + OPEN_FILES_GROWTH);
    expect(loadBetween(middle, last)).toBeLessThan(CPU_GROWTH * loadBetween(first, middle));
    const attemptsPerSecond = ((last.failures - first.failures) * 1000) / (last.at - first.at);
    expect(attemptsPerSecond).toBeLessThan(CONNECTIONS_PER_SECOND);
    if (WHOLE) {
      const peak = (from: number, to?: number): number =>
        Math.max(...samples.slice(from, to).map(({ rss }) => rss / MIB));
      expect(peak(Math.ceil(PERIODS / 2))).toBeLessThan(peak(1, Math.ceil(PERIODS / 2)) + RSS_GROWTH_MIB);
    }

    expect(calls.every(({ isUp }) => isUp)).toBe(true);
    await Promise.all([...calls, noisy.caller].map((leg) => leg.hangUp()));
    await expectUnharmed(noisy);
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);
