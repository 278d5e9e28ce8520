/** The picture of a call stands where its times say. */
import { describe, expect, test } from '@jest/globals';
import type { CallRecord } from '../../src/io/web/contract/calls.js';
import { rowInWords, timelineOf } from './timeline.js';

const at = (seconds: number): string => new Date(1_700_000_000_000 + seconds * 1000).toISOString();
const CALL: CallRecord = {
  callid: '1700000000.1',
  begunAt: at(0),
  endedAt: at(100),
  callflows: [
    { at: at(0), callflow: 'ivr' },
    { at: at(25), callflow: 'queue' },
  ],
  participants: [
    {
      channelid: 'PJSIP/provider-1',
      number: '030123',
      begunAt: at(0),
      endedAt: at(100),
      movedTo: null,
      figures: null,
      gaps: [
        { at: at(50), milliseconds: 1000, why: 'lost' },
        { at: at(60), milliseconds: 5000, why: 'paused' },
      ],
    },
    {
      channelid: 'PJSIP/1001-2',
      number: '1001',
      begunAt: at(40),
      endedAt: null,
      movedTo: null,
      figures: null,
      gaps: [{ at: at(99), milliseconds: 9000, why: 'lost' }],
    },
  ],
  delivery: null,
};
const picture = timelineOf(CALL, Date.parse(at(500)));

test('participants and gaps are portions of the call', () => {
  const [first, second] = picture.rows;
  expect(first?.present).toEqual({ from: 0, width: 1 });
  expect(first?.gaps[0]).toMatchObject({ from: 0.5, width: expect.closeTo(0.01), why: 'lost' });
  expect(first?.gaps[1]).toMatchObject({ from: 0.6, why: 'paused' });
  expect(second?.present.from).toBeCloseTo(0.4);
  expect(second?.present.width).toBeCloseTo(0.6);
});

test('nothing reaches beyond the end', () => {
  const gap = picture.rows[1]?.gaps[0];
  expect((gap?.from ?? 0) + (gap?.width ?? 0)).toBeCloseTo(1);
});

test('a callflow lasts until the next one', () => {
  expect(picture.steps).toEqual([
    { from: 0, width: 0.25, label: 'IVR' },
    { from: 0.25, width: 0.75, label: 'Queue' },
  ]);
});

test('a call that is not over ends now', () => {
  expect(timelineOf({ ...CALL, endedAt: null }, Date.parse(at(200))).lengthMs).toBe(200_000);
});

describe('ticks', () => {
  test.each([
    [0.4, ['0']],
    [7, ['0', '1 s', '2 s', '3 s', '4 s', '5 s', '6 s', '7 s']],
    [100, ['0', '15 s', '30 s', '45 s', '1:00', '1:15', '1:30']],
    [3700, ['0', '10:00', '20:00', '30:00', '40:00', '50:00', '1:00:00']],
  ])('of %d s', (seconds, labels) => {
    const { ticks } = timelineOf({ ...CALL, endedAt: at(seconds) }, 0);
    expect(ticks.map(({ label }) => label)).toEqual(labels);
  });
  test('stay few in a call of many days', () => {
    expect(timelineOf({ ...CALL, endedAt: at(40 * 86_400) }, 0).ticks.length).toBeLessThanOrEqual(8);
  });
});

test('a call that took no time has a picture without NaN', () => {
  const { rows, ticks } = timelineOf({ ...CALL, endedAt: CALL.begunAt }, 0);
  expect([...rows.map(({ present }) => present.width), ...ticks.map((tick) => tick.at)].every(Number.isFinite)).toBe(
    true,
  );
});

test('a row in words', () => {
  const [first] = picture.rows;
  expect(first && rowInWords(first, '1 min 40 s')).toBe('030123: present 1 min 40 s, 1000 ms lost, 5.0 s paused');
});
