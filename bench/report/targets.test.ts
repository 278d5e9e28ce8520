import { expect, test } from '@jest/globals';
import type { MediaResult } from '../media/media-bench.js';
import { table } from './table.js';
import { distance, isMet, targetsOf } from './targets.js';

const NOTHING = { media: [], system: [], setUp: [], control: undefined };

function media(path: string, participants: number, changes: Partial<MediaResult> = {}): MediaResult {
  return {
    path,
    title: path,
    participants,
    ratio: { median: 2.1, least: 2, most: 2.2, pairs: [2, 2.1, 2.2] },
    tls: undefined,
    isValid: true,
    cpu: 0.0005,
    user: 0.0004,
    system: 0.0001,
    floorCpu: 0.0002,
    gcShare: 0.05,
    rssOctets: 50_000,
    heapOctets: 20_000,
    rssInUseOctets: 70_000,
    loopDelayP99: 1,
    loopDelayMost: 5,
    delay: { p50: 0.2, p99: 3, p999: 5, max: 8 },
    floorDelayP99: 2,
    lostPackets: 0,
    missingFragments: 0,
    pairs: [],
    top: undefined,
    ...changes,
  };
}

const measuredOf = (results: Parameters<typeof targetsOf>[0], name: string) => {
  const found = targetsOf(results).find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(name);
  return found;
};

test('all targets of the issue are there, and what was not measured says so', () => {
  const targets = targetsOf(NOTHING);
  expect(targets).toHaveLength(11);
  expect(targets.map(({ measured }) => measured)).toEqual(targets.map(() => undefined));
  expect(targets.map(isMet)).toEqual(targets.map(() => undefined));
});

test('a ratio is that of 1000 participants, with its distance', () => {
  const found = measuredOf(
    { ...NOTHING, media: [media('8-8', 200), media('8-8', 1000)] },
    'processor time against the floor, 8 → 8',
  );
  expect([found.measured, isMet(found), distance(found)]).toEqual([2.1, false, 2.1 / 1.4]);
});

test('a run whose sender was late proves nothing', () => {
  const results = {
    ...NOTHING,
    media: [media('8-8', 1000, { isValid: false, ratio: { median: 1, least: 1, most: 1, pairs: [1] } })],
  };
  expect(isMet(measuredOf(results, 'processor time against the floor, 8 → 8'))).toBeUndefined();
});

test('a program that could not keep up is not believed to be cheap', () => {
  const ratio = { median: 1, least: 1, most: 1, pairs: [1] };
  const results = { ...NOTHING, media: [media('8-16', 1000, { ratio, lostPackets: 9 })] };
  expect(isMet(measuredOf(results, 'processor time against the floor, 8 → 16'))).toBeUndefined();
});

test('memory is what each further participant takes, not what the program takes with the first ones', () => {
  const few = media('8-8', 50, { rssOctets: 10_050_000 / 50 });
  const many = media('8-8', 1000, { rssOctets: (10_000_000 + 1000 * 1_000) / 1000 });
  const found = measuredOf({ ...NOTHING, media: [many, few] }, 'memory for each further participant, 8 → 8');
  expect(found.measured).toBeCloseTo(1, 6);
  expect(found.name).toContain('(50 to 1000)');
});

test('memory is that of the largest number without loss, and of one number alone nobody knows it', () => {
  const few = media('8-16', 200, { rssOctets: 50_000 });
  const some = media('8-16', 500, { rssOctets: 50_000 });
  const lossy = media('8-16', 1000, { rssOctets: 900_000, lostPackets: 9 });
  const name = 'memory for each further participant, 8 → 16';
  const found = measuredOf({ ...NOTHING, media: [few, some, lossy] }, name);
  expect([found.measured, isMet(found)]).toEqual([50, true]);
  expect(isMet(measuredOf({ ...NOTHING, media: [few, lossy] }, name))).toBeUndefined();
  expect(measuredOf({ ...NOTHING, media: [few] }, name).measured).toBeUndefined();
});

test('the most participants are those of the largest run without loss, and within the cores', () => {
  const results = {
    ...NOTHING,
    media: [
      media('8-8', 500),
      media('8-8', 700, { lostPackets: 1 }),
      media('8-8', 1000, { missingFragments: 1 }),
      media('8-8', 2000, { cpu: 0.0009 }),
    ],
  };
  const [one, two] = targetsOf(results).filter(({ name }) => name.startsWith('participants'));
  expect([one?.measured, two?.measured]).toEqual([500, 2000]);
  expect([one, two].map((found) => found && isMet(found))).toEqual([false, true]);
});

test('cost at 2000 is compared with that at 200', () => {
  const results = { ...NOTHING, media: [media('8-8', 200), media('8-8', 2000, { cpu: 0.0006 })] };
  expect(measuredOf(results, 'processor time for each participant').measured).toBeCloseTo(1.2, 6);
});

test('figures stand right, words left', () => {
  expect(
    table(
      ['what', 'n'],
      [
        ['a', '10'],
        ['bcdef', '7'],
      ],
    ),
  ).toBe('what    n\n─────  ──\na      10\nbcdef   7');
});
