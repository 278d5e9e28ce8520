/** Two minutes of `npm run soak`, as a person runs it: every kind of fault but the slow one, and everything adds up. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FAULT_KINDS, faultTraits } from '../../../lab/soak/fault-kinds.js';
import type { SoakResult } from '../../../lab/soak/soak.js';
import { planSoak } from '../../../lab/soak/soak-plan.js';
import { until } from '../../../lab/until.js';
import { Printing } from '../printing.js';

/** Chosen for its faults: the first test says so when the plan of this seed has changed. */
const OPTIONS = { seed: 7, minutes: 12, compression: 6, calls: 6, faultEverySeconds: 6 } as const;
const TEST_LIMIT_MS = 420_000;

let out: string;

beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'ari-audio-stream-soak-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

function soak(...args: readonly string[]): Printing {
  return new Printing(process.execPath, ['dist/lab/soak/main.js', '--out', out, ...args]);
}

test('every kind of fault has its turn in two minutes, but the kill of Asterisk', () => {
  const planned = new Set(planSoak(OPTIONS).faults.map(({ kind }) => kind));
  const kinds = (Object.keys(FAULT_KINDS) as (keyof typeof FAULT_KINDS)[]).filter(
    (kind) => faultTraits(kind).inEveryDeck === undefined,
  );
  expect([...planned].toSorted()).toEqual(kinds.toSorted());
});

test(
  'two minutes of faults: every stream is accounted for, nothing leaks, no phone hears a gap',
  async () => {
    const { seed, minutes, compression, calls, faultEverySeconds } = OPTIONS;
    const flags = { seed, minutes, compression, calls, 'fault-every': faultEverySeconds };
    const run = soak(...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]));
    const code = await run.exited;
    const summary =
      code === 3 ? undefined : (JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as SoakResult);
    // The text says what did not add up.
    expect({ code, problems: summary?.problems, text: run.text }).toEqual({ code: 0, problems: [], text: run.text });
    expect(run.text).toContain('Everything adds up.');
    expect(summary?.conversations.good).toBeGreaterThan(10);
    expect(summary?.totals.sent).toBeGreaterThan(5_000);
    expect(summary?.phones.judged).toBeGreaterThan(5);
  },
  TEST_LIMIT_MS,
);

test(
  'Ctrl-C ends it in order, with the account so far',
  async () => {
    const run = soak('--seed', '1', '--fault-every', '0');
    await until('calls are up', () => /calls up [1-9]/.test(run.text), TEST_LIMIT_MS / 2);
    expect(await run.stop('SIGINT')).toBe(130);
    expect(run.text).toContain('Everything adds up.');
    expect(run.text).toContain('To repeat it: npm run soak -- --seed 1 ');
  },
  TEST_LIMIT_MS,
);

test('says what is wrong with its arguments', async () => {
  const run = soak('--calls', 'many');
  expect(await run.exited).not.toBe(0);
  expect(run.text).toContain('A whole number from 1 to 20 is wanted.');
});
