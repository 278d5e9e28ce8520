/** Pausing a participant: what is said meanwhile is never heard, and nothing else is touched. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { l16, rtp } from '../../test/rtp-packets.js';
import { fakeResampler, samplesOf, speech } from '../../test/stream-fakes.js';
import { ParticipantStream } from './participant-stream.js';

const FRAME = 320;
const silence = Array(FRAME).fill(0);
const said = (i: number): number[] => [...speech(i * FRAME, FRAME)];

function stream(): ParticipantStream {
  const tap = new ParticipantStream({ sampleRate: 16_000, fragmentSamples: FRAME, createResampler: fakeResampler });
  tap.open(0);
  return tap;
}

function frame(i: number): Uint8Array {
  return rtp({ sequence: i, timestamp: i * FRAME, payload: l16(speech(i * FRAME, FRAME)) });
}

test('while paused silence stands in the place of what is said, sample for sample, and is counted', () => {
  const tap = stream();
  expect(samplesOf(tap.receive(frame(0), 0))).toEqual(said(0));
  tap.pause();
  for (let i = 1; i <= 50; i++) expect(samplesOf(tap.receive(frame(i), i * 20))).toEqual(silence);
  tap.resume(1010);
  expect(samplesOf(tap.receive(frame(51), 1020))).toEqual(said(51));
  expect(tap.stats).toMatchObject({ pausedMs: 1000, lostMs: 0, samplesIn: 52 * FRAME, samplesOut: 52 * FRAME });
  expect(tap.gaps).toEqual([{ at: 20, ms: 1000, why: 'paused' }]);
});

test('what waits for a missing packet when the pause begins, or ends, is not heard', () => {
  const tap = stream();
  tap.receive(frame(0), 0);
  expect(tap.receive(frame(2), 40)).toEqual([]);
  tap.pause();
  expect(samplesOf(tap.receive(frame(1), 45))).toEqual([...silence, ...silence]);
  expect(tap.receive(frame(4), 80)).toEqual([]);
  tap.resume(90);
  expect(samplesOf(tap.receive(frame(3), 95))).toEqual([...said(3), ...silence]);
});

test('what is lost is told apart from what is kept back', () => {
  const tap = stream();
  tap.receive(frame(0), 0);
  tap.receive(frame(3), 60);
  tap.tick(10_000);
  expect(tap.stats).toMatchObject({ lostMs: 40, pausedMs: 0 });
  expect(tap.gaps).toEqual([{ at: 20, ms: 40, why: 'lost' }]);
});

test('whatever the order of packets, pauses and their ends: nothing that arrived in a pause is heard', () => {
  const step = fc.record({ ahead: fc.integer({ min: 0, max: 3 }), order: fc.constantFrom('none', 'pause', 'resume') });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const tap = stream();
      const heard: number[] = [];
      let isPaused = false;
      let next = 0;
      steps.forEach(({ ahead, order }, index) => {
        const now = index * 20;
        if (order === 'pause') tap.pause();
        if (order === 'resume') tap.resume(now - 1);
        if (order !== 'none') isPaused = order === 'pause';
        const sequence = next + ahead;
        if (ahead === 0) next += 1;
        heard.push(...samplesOf(tap.receive(marked(sequence, isPaused), now)));
      });
      heard.push(...samplesOf(tap.end(steps.length * 20)));
      expect(heard.filter((sample) => sample === MARK)).toEqual([]);
    }),
  );
});

/** What is said in a pause is this one value, which nothing else has. */
const MARK = 31_234;

function marked(sequence: number, isSecret: boolean): Uint8Array {
  const samples = isSecret ? Array(FRAME).fill(MARK) : silence;
  return rtp({ sequence, timestamp: sequence * FRAME, payload: l16(samples) });
}
