/**
 * Bad lines: real calls on a real Asterisk, their RTP mangled on its way to an add-on on another host. Each stream of each
 * call has a fault of its own; the calls of all rows are up at the same time.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { extensionRange } from '../../../lab/farm-conf.js';
import type { LogLine } from '../add-on.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { samplesOf } from '../listening-receiver.js';
import { type NoiseCall, playedBy, RATE } from '../noise-call.js';
import { asReceived, expectInPlace, type InPlace, isSound, samplesIn } from './faulty-line.js';
import { floodPort } from './flood.js';
import { endOf, type LineLab, type Outcome, RTP_PORT, startLineLab, tappedCall } from './line-lab.js';
import { FRAME, LONG_STOP, NEVER_AGAIN, ROWS, type Row } from './line-rows.js';
import { losingOfPhone, phoneThatPauses, stutteringPhones } from './phone-line.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 120_000;
const FRAGMENT = 640;
const MOST_FILLED = 10 * RATE;
const FIRST_NUMBER = 1100;
const ALL_ROWS = [...ROWS, LONG_STOP, NEVER_AGAIN];
/** Beside those of the rows: what is wrong is the phones, or the port. */
const OTHERS = FIRST_NUMBER + ALL_ROWS.length + (ALL_ROWS.length % 2);
const QUIET = [String(OTHERS), String(OTHERS + 1)] as const;
const LOSING = [String(OTHERS + 2), String(OTHERS + 3)] as const;
const FLOODED = [String(OTHERS + 4), String(OTHERS + 5)] as const;
const STUTTERING = [String(OTHERS + 6), String(OTHERS + 7)] as const;
const EXTENSIONS = extensionRange(FIRST_NUMBER, OTHERS + 8 - FIRST_NUMBER, 'slin16');
const FLOOD_MS = 3_000;

let place: LineLab;
/** By number. */
const outcomes = new Map<string, Promise<Outcome>>();
const calls: NoiseCall[] = [];
let beside: readonly [ReturnType<typeof phoneThatPauses>, ReturnType<typeof losingOfPhone>];

beforeAll(async () => {
  place = await startLineLab(EXTENSIONS);
  for (let index = 0; index < ALL_ROWS.length; index += 2) beginRows(index);
  beside = [phoneThatPauses(place, QUIET), losingOfPhone(place, LOSING)];
  for (const each of beside) each.catch(() => {});
}, START_LIMIT_MS);
afterAll(async () => {
  await allCallsOver();
  await place?.stop();
}, TEST_LIMIT_MS);

/** To compare samples keeps this process from carrying packets: that waits. */
async function allCallsOver(): Promise<void> {
  await Promise.allSettled([...outcomes.values(), ...(beside ?? [])]);
}

/** Places the call of this row and the next one. */
function beginRows(index: number): void {
  const numbers = [String(FIRST_NUMBER + index), String(FIRST_NUMBER + index + 1)] as const;
  const rows = ALL_ROWS.slice(index, index + 2);
  const both = outcomesOf(numbers, rows);
  for (const [which, number] of numbers.entries()) {
    const outcome = both.then((all) => all[which as 0 | 1]);
    // Each test tells of its own.
    outcome.catch(() => {});
    outcomes.set(number, outcome);
  }
}

async function outcomesOf(numbers: readonly [string, string], rows: readonly Row[]) {
  const tapped = await tappedCall(place, numbers);
  const carried = rows.map(async ({ fault, packets }, which) => {
    const port = tapped.ports[which as 0 | 1];
    place.line.lay(port, fault);
    await place.line.hasCarried(port, packets + 50, TEST_LIMIT_MS);
  });
  await Promise.all(carried);
  const both = await endOf(place, tapped);
  calls.push(tapped.call);
  return both;
}

async function outcomeOf(row: Row): Promise<Outcome> {
  await allCallsOver();
  const outcome = await outcomes.get(String(FIRST_NUMBER + ALL_ROWS.indexOf(row)));
  if (outcome === undefined) throw new Error(`no call for: ${row.title}`);
  return outcome;
}

const COUNTED = ['lost', 'late', 'duplicate', 'reordered', 'stray', 'restarts', 'resyncs', 'unknownPayload'] as const;

/** The add-on's own count is what the line did, and what is silent in the stream. */
function expectFigures({ figures: expected, silentFor }: Row, figures: LogLine, { filled, rest }: InPlace): void {
  // What is not a number here depends on the times of this machine.
  const counts = COUNTED.filter((name) => !Number.isNaN(expected[name] ?? 0));
  const of = (values: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(counts.map((name) => [name, values[name] ?? 0]));
  expect(of(figures)).toEqual(of(expected));
  // A busy Asterisk may itself leap in time: `pause`.
  const {
    lost = 0,
    pause = 0,
    'comfort-noise': announced = 0,
    ...others
  } = figures.silenceSamples as Record<string, number>;
  expect(others).toEqual({ undecodable: 0, 'unknown-payload': 0, restart: 0 });
  expect(lost > 0).toBe(silentFor === 'lost');
  if (silentFor === 'pause') expect(pause).toBeGreaterThan(0);
  expect(announced > 0).toBe(silentFor === 'comfort-noise');
  expect(Math.abs(lost + pause + announced - filled - (rest < FRAGMENT ? 0 : rest))).toBeLessThan(FRAGMENT);
  expect(Number(figures.lostMs)).toBeCloseTo(((lost + pause) * 1000) / RATE);
}

/** The label is right: what came under this number is what that phone played. */
function expectOwnVoice({ heard, sent }: Outcome): void {
  const one = sent.find(({ payload, hasPassed }) => hasPassed && isSound(payload));
  const mark = samplesIn(one?.payload ?? Buffer.alloc(0)).subarray(FRAME / 2);
  expect(mark).toHaveLength(FRAME / 2);
  const played = Buffer.from(playedBy(heard.number).buffer);
  expect(played.includes(Buffer.from(mark.buffer, mark.byteOffset, mark.byteLength))).toBe(true);
}

describe('between Asterisk and the add-on', () => {
  test.each(ROWS.map((row) => [row.title, row] as const))(
    '%s',
    async (_, row) => {
      const outcome = await outcomeOf(row);
      const silence = expectInPlace(samplesOf(outcome.heard), outcome.sent);
      expect(silence.rest).toBeLessThan(FRAGMENT);
      expectFigures(row, outcome.figures, silence);
      expect(outcome.figures.unfilledMs).toBe(0);
      expectOwnVoice(outcome);
    },
    TEST_LIMIT_MS,
  );

  test(
    LONG_STOP.title,
    async () => {
      const outcome = await outcomeOf(LONG_STOP);
      const silence = expectInPlace(samplesOf(outcome.heard), outcome.sent, MOST_FILLED);
      expect(silence.rest).toBeLessThan(FRAGMENT);
      expectFigures(LONG_STOP, outcome.figures, silence);
      expectOwnVoice(outcome);
      expect(Number(outcome.figures.unfilledMs)).toBeGreaterThan(1_000);
      await place.addOn.reports('RTP_MISSING');
    },
    TEST_LIMIT_MS,
  );

  test(
    NEVER_AGAIN.title,
    async () => {
      const outcome = await outcomeOf(NEVER_AGAIN);
      const silence = expectInPlace(samplesOf(outcome.heard), outcome.sent);
      expectFigures(NEVER_AGAIN, outcome.figures, silence);
      const missing = outcome.sent.filter(({ hasPassed }) => !hasPassed).length * FRAME;
      // When the call ended is learnt from an event.
      expect(Math.abs(silence.rest - missing)).toBeLessThan(RATE / 2);
    },
    TEST_LIMIT_MS,
  );
});

const FLAWLESS: Row = { title: 'nothing happens to its packets', packets: 0, fault: () => [], figures: {} };

test(
  'a phone that sends nothing while it is silent: Asterisk says silence for it, nothing is lost, and time is kept',
  async () => {
    await allCallsOver();
    const { outcome, upMs } = await beside[0];
    const silence = expectInPlace(samplesOf(outcome.heard), outcome.sent);
    expectFigures(FLAWLESS, outcome.figures, silence);
    expect(Math.abs(outcome.sent.length * 20 - upMs)).toBeLessThan(1_500);
    expect(outcome.sent.filter(({ payload }) => !isSound(payload)).length).toBeGreaterThan(100);
  },
  TEST_LIMIT_MS,
);

test(
  'a phone whose own line loses packets: the stream has what Asterisk got, and the other phone heard no more',
  async () => {
    await allCallsOver();
    const { outcome, heardByOther, frames } = await beside[1];
    const stream = samplesOf(outcome.heard);
    expectFigures(FLAWLESS, outcome.figures, expectInPlace(stream, outcome.sent));
    const [inStream, heard] = [frames.in(stream), frames.in(heardByOther)];
    expect(inStream.size).toBeGreaterThan(100);
    const differing = [...frames.all].filter((frame) => inStream.has(frame) !== heard.has(frame));
    // The two taps, ours and the lab's, need not begin and end with the same frame.
    expect(differing.length).toBeLessThan(10);
    expect(frames.all.size - heard.size).toBeGreaterThan(10);
  },
  TEST_LIMIT_MS,
);

test(
  'random octets at full speed on the port: what is lost is counted, all else is in its place, and the phones hear each other',
  async () => {
    await allCallsOver();
    const tapped = await tappedCall(place, FLOODED);
    const flood = floodPort(place.host, RTP_PORT);
    await place.line.hasCarried(
      tapped.ports[0],
      place.line.seen(tapped.ports[0]).length + FLOOD_MS / 20,
      TEST_LIMIT_MS,
    );
    await flood.stop();
    const both = await endOf(place, tapped);
    for (const { heard, sent, figures } of both) {
      const stream = samplesOf(heard);
      const arrived = asReceived(stream, sent);
      const { rest } = expectInPlace(stream, arrived);
      expect(rest).toBeLessThan(FRAGMENT);
      const last = arrived.findLastIndex(({ hasPassed }) => hasPassed);
      const lost = arrived.slice(0, last).filter(({ hasPassed }) => !hasPassed).length;
      expect(figures).toMatchObject({ lost, late: 0, duplicate: 0, stray: 0, restarts: 0 });
    }
    calls.push(tapped.call);
  },
  TEST_LIMIT_MS,
);

test(
  'phones that stutter: their heaps of packets come in time and order',
  async () => {
    await allCallsOver();
    for (const outcome of await stutteringPhones(place, STUTTERING)) {
      expectFigures(FLAWLESS, outcome.figures, expectInPlace(samplesOf(outcome.heard), outcome.sent));
    }
  },
  TEST_LIMIT_MS,
);

test(
  'the phones of all calls heard each other, strangers were counted, and nothing is left',
  async () => {
    const { lab, receiver, addOn } = place;
    await expectUnharmed(...calls);
    await nothingLeft(lab);
    expect(await addOn.stop()).toBe(0);
    const { strangers } = await addOn.says('stopped');
    expect(strangers).toBeGreaterThan(1_000);
    expect(addOn.lines.filter(({ code }) => code === 'UNEXPECTED')).toEqual([]);
    expect(receiver.faults).toEqual([]);
    expect(lab.problems).toEqual([]);
  },
  TEST_LIMIT_MS,
);
