import { expect, test } from '@jest/globals';
import { createFirResampler } from '../../src/core/audio/fir-resampler.js';
import { encodeProcess } from '../../src/core/relay/protocol.js';
import { completions, plainCompletions } from './completions.js';
import { arrivals } from './delays.js';
import { labelOf, partyOf } from './parties.js';
import { PATHS, pathNamed } from './path.js';
import { readStamp, writeStamp } from './stamp.js';

test('without resampling a fragment is complete with every fourth packet, at 16 kHz with every second', () => {
  expect(completions(pathNamed('8-8'), 12, createFirResampler)).toEqual([3, 7, 11]);
  expect(completions(pathNamed('ulaw'), 12, createFirResampler)).toEqual([3, 7, 11]);
  expect(completions(pathNamed('16-16'), 6, createFirResampler)).toEqual([1, 3, 5]);
});

test('a resampler holds samples back, so a fragment is complete with a later packet', () => {
  expect(completions(pathNamed('8-16'), 7, createFirResampler)).toEqual([2, 4, 6]);
  expect(completions(pathNamed('48-16'), 7, createFirResampler)).toEqual([2, 4, 6]);
});

test('the least program sends as many fragments as ours, but for those that a resampler holds back', () => {
  for (const path of PATHS) {
    const ours = completions(path, 100, createFirResampler).length;
    expect(plainCompletions(path, 100).length - ours).toBeLessThanOrEqual(1);
  }
});

test('who resamples nothing sends with every fourth packet, at 16 kHz with every second', () => {
  expect(plainCompletions(pathNamed('8-8'), 9)).toEqual([3, 7]);
  expect(plainCompletions(pathNamed('48-16'), 5)).toEqual([1, 3]);
});

test('delays are those of the window, and what did not come is missing', () => {
  const sent = {
    capacity: 4,
    times: Float64Array.of(0, 20, 40, 60, 5, 25, 45, 65),
    counts: Int32Array.of(4, 4),
  };
  const received = { capacity: 2, times: Float64Array.of(21, 63, 27, 0), counts: Int32Array.of(2, 1) };
  const { delayMs, ...counts } = arrivals(sent, received, [1, 3], { from: 25, to: 100 });
  expect(counts).toEqual({ fragments: 3, missing: 1, impossible: 0 });
  expect(delayMs).toMatchObject({ count: 2, p50: 2, max: 3 });
});

test('a message tells whose it is, and which packet it begins with', () => {
  const payload = Buffer.alloc(320);
  writeStamp(payload, 0, 70_000);
  payload.swap16();
  const message = Buffer.from(encodeProcess(labelOf(1999), payload.toString('base64')));
  expect(partyOf(message)).toBe(1999);
  expect(readStamp(message)).toBe(70_000);
  expect(readStamp(Buffer.from(encodeProcess(labelOf(3), Buffer.alloc(320).toString('base64'))))).toBeUndefined();
});
