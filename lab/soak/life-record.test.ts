import { expect, test } from '@jest/globals';
import { endKey, LifeRecord, type LogLine } from './life-record.js';

const RATE = 16_000 as const;
const CHANNEL = 'PJSIP/1100-00000001';

function line(message: string, fields: Readonly<Record<string, unknown>> = {}, level = 'info'): LogLine {
  return { time: '2026-11-22T15:25:40.139Z', level, message, ...fields };
}

const begins = (callid = 'a') => line('participant streams', { callid, channel: CHANNEL, number: '1100' });
const ends = (fragments: number, callid = 'a') =>
  line('participant ended', {
    callid,
    channel: CHANNEL,
    fragments,
    path: 'l16@8000 -> order -> gaps -> 8000>16000 -> 640',
  });
const figures = (changes: Readonly<Record<string, unknown>> = {}) =>
  line('figures of the participant', {
    channel: CHANNEL,
    samplesIn: 3_000,
    samplesBeforeAnswer: 1_000,
    samplesOut: 4_200,
    paddingSamples: 280,
    fragments: 7,
    silenceSamples: { lost: 60, pause: 40 },
    lostMs: 7.5,
    ...changes,
  });

function recordOf(...lines: readonly LogLine[]): LifeRecord {
  const record = new LifeRecord(RATE);
  for (const each of lines) record.take(each);
  return record;
}

test('a stream that begins and ends is known with its fragments, its losses and its end', () => {
  const record = recordOf(begins(), ends(7), figures());
  expect(record.problems).toEqual([]);
  expect(record.present).toEqual([]);
  expect(record.streams).toMatchObject([{ channel: CHANNEL, number: '1100', callid: 'a', lostMs: 7.5 }]);
  expect(record.fragments.get('a')).toBe(7);
  expect(record.ends.get(endKey('a', CHANNEL))).toBe(1);
});

test('one that goes on under another call has an end in each', () => {
  const moved = line('participant goes on under another call', {
    channel: CHANNEL,
    from: 'b',
    callid: 'a',
    fragments: 3,
  });
  const record = recordOf(begins('b'), moved, ends(4), figures());
  expect(Object.fromEntries(record.fragments)).toEqual({ b: 3, a: 4 });
  expect([...record.ends.values()]).toEqual([1, 1]);
  expect(record.problems).toEqual([]);
});

test('settings that are applied have the next stream begin before the last one has ended', () => {
  const record = recordOf(begins(), begins(), ends(7), figures(), ends(7), figures());
  expect(record.present).toEqual([]);
  expect(record.fragments.get('a')).toBe(14);
  expect(record.problems).toEqual([]);
});

test('one that never ends is present, and one that never began is a problem', () => {
  expect(recordOf(begins()).present).toHaveLength(1);
  expect(recordOf(ends(7), figures()).problems).toEqual([`${CHANNEL} ended without having begun`]);
});

test('samples that are neither out nor counted are a problem', () => {
  expect(recordOf(begins(), ends(7), figures({ samplesIn: 3_160 })).problems).toHaveLength(1);
  expect(recordOf(begins(), ends(7), figures({ samplesBeforeAnswer: 0 })).problems).toHaveLength(1);
  expect(recordOf(begins(), ends(7), figures({ paddingSamples: 0 })).problems).toHaveLength(1);
});

test('what became of a call that came back is added up', () => {
  const delivered = line('call streamed', { callid: 'a', dropped: 0, unconfirmed: 0, resent: 2 });
  const lost = line('call streamed with losses: the receiver was away', {
    callid: 'a',
    dropped: 4,
    unconfirmed: 1,
    resent: 0,
  });
  expect(recordOf(delivered, lost).deliveries.get('a')).toEqual({
    dropped: 4,
    unconfirmed: 1,
    resent: 2,
    isGivenUp: true,
  });
});

test('an error, and what should not happen, is a problem', () => {
  expect(recordOf(line('x', {}, 'error')).problems).toHaveLength(1);
  expect(recordOf(line('x', { code: 'UNEXPECTED' }, 'warn')).problems).toHaveLength(1);
  const known = recordOf(line('x', { code: 'RECEIVER_REFUSED' }, 'warn'));
  expect({ problems: known.problems, codes: [...known.codes] }).toEqual({
    problems: [],
    codes: [['RECEIVER_REFUSED', 1]],
  });
});
