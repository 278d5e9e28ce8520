/** What every resampler promises, as one table of tests: each implementation is held to the same facts. */
import { describe, expect, test } from '@jest/globals';
import type { ResamplerFactory } from '../src/core/audio/resampler.js';
import {
  bestFit,
  delayMs,
  type Fit,
  type Phase,
  RATE_PAIRS,
  resampled,
  rms,
  rmsAbove,
  steady,
  sweep,
  windowsOf,
} from './resampler-quality.js';
import { decibels, waveform } from './tones.js';

const PASS_BAND_EDGE = 0.85;
const FLATNESS_DB = 0.1;
const REJECTION_DB = 80;
const DELAY_MS = 8;
/** Loud, so that the rounding to 16 bits hides as little as possible, but never clipped. */
const LEVEL_DBFS = -1;
const AMPLITUDE = 32_767 * 10 ** (LEVEL_DBFS / 20);
const TONE_RMS = AMPLITUDE / Math.SQRT2;
/** Longer than any filter: where a sound starts or stops, every frequency is present. */
const EDGE_SECONDS = 0.03;

/** Frequencies as parts of the lower Nyquist frequency. */
const PASSED = [0.01, 0.1, 0.25, 0.4, 0.55, 0.7, 0.78, 0.82, PASS_BAND_EDGE];
const BETWEEN = [0.87, 0.9, 0.92, 0.94, 0.96, 0.97, 0.98, 0.99, 0.997];
const STOPPED = [1, 1.001, 1.003, 1.01, 1.02, 1.04, 1.08, 1.15, 1.3, 1.6, 1.999, 2.01, 2.7, 3.9, 4.1, 5.5, 5.99];

/** `delayLimitMs` is for one that promises more than all must. */
export function keepsResamplerPromises(create: ResamplerFactory, delayLimitMs = DELAY_MS): void {
  describe.each(RATE_PAIRS.map(([fromHz, toHz]) => ({ fromHz, toHz })))('$fromHz to $toHz Hz', ({ fromHz, toHz }) => {
    const lowerNyquist = Math.min(fromHz, toHz) / 2;
    const block = [fromHz / 50];
    const heard = (phase: Phase, seconds: number): Int16Array =>
      resampled(create(fromHz, toHz), waveform(phase, fromHz, seconds, LEVEL_DBFS), block);

    test('passes tones up to the edge of the pass band unchanged, on time and alone', () => {
      const spoiled = PASSED.map((part) => ({ part, ...toneAfter(part) })).filter(isSpoiled);
      expect(spoiled).toEqual([]);
    });

    test('passes a sweep down from there unchanged, on time and alone', () => {
      const phase = sweep(PASS_BAND_EDGE * lowerNyquist, 50, 0.06, 0.44);
      const pcm = heard(phase, 0.5);
      const windows = windowsOf(pcm.length, toHz, 0.02, EDGE_SECONDS);
      const spoiled = windows.map((window) => inDecibels(bestFit(pcm, toHz, phase, window))).filter(isSpoiled);
      expect(windows.length).toBeGreaterThan(20);
      expect(spoiled).toEqual([]);
    });

    test('adds nothing to tones from there to Nyquist', () => {
      const accompanied = BETWEEN.map((part) => ({ part, ...toneAfter(part) })).filter(isAccompanied);
      expect(accompanied).toEqual([]);
    });

    if (toHz > fromHz) {
      test('makes no image of a sweep down from Nyquist', () => {
        const images = rmsAbove(
          1.01 * lowerNyquist,
          heard(sweep(0.995 * lowerNyquist, 50, 0.06, 0.4), 0.46),
          toHz,
          2_048,
        );
        expect(images.length).toBeGreaterThan(3);
        expect(decibels(Math.max(...images), TONE_RMS)).toBeLessThan(-REJECTION_DB);
      });
    } else {
      test('stops tones from Nyquist on', () => {
        const frequencies = STOPPED.map((part) => part * lowerNyquist).filter((hz) => hz < fromHz / 2);
        const levels = frequencies.map((hz) => ({ hz, level: loudestWindow(heard(steady(hz), 0.16)) }));
        expect(levels.filter(({ level }) => level > -REJECTION_DB)).toEqual([]);
      });

      test('stops a sweep from Nyquist on', () => {
        const pcm = heard(sweep(lowerNyquist, fromHz / 2, 0.06, 0.4), 0.46);
        expect(loudestWindow(pcm)).toBeLessThan(-REJECTION_DB);
      });
    }

    test('gives an impulse back soon', () => {
      expect(delayMs(create, [fromHz, toHz])).toBeLessThanOrEqual(delayLimitMs);
    });

    test('does not care where the blocks are cut', () => {
      const pcm = waveform(sweep(20, fromHz / 2, 0, 0.15), fromHz, 0.15, 0);
      const whole = resampled(create(fromHz, toHz), pcm, [pcm.length]);
      for (const lengths of [block, [1, 0, 997, 2, 160, 3_001, 59], [7]]) {
        expect(differences(resampled(create(fromHz, toHz), pcm, lengths), whole)).toBe(0);
      }
    });

    test('gives as long as it took', () => {
      const resampler = create(fromHz, toHz);
      for (const length of [0, 1, 2, 3, 50, 441, 1_024, 2_048, 2_049, 5_003]) {
        const given = resampler.push(new Int16Array(length)).length + resampler.flush().length;
        expect(given).toBe(Math.round((length * toHz) / fromHz));
      }
      resampler.close();
    });

    test('clamps what overshoots full scale', () => {
      const isHigh = (seconds: number): boolean => Math.floor(seconds * 50) % 2 === 0;
      const square = Int16Array.from({ length: 6 * (fromHz / 50) }, (_, n) => (isHigh(n / fromHz) ? 32_767 : -32_768));
      const pcm = resampled(create(fromHz, toHz), square, block);
      const isByStep = (seconds: number): boolean => Math.abs(seconds - Math.round(seconds * 50) / 50) * toHz < 6;
      const wrapped = pcm.filter((sample, n) => !isByStep(n / toHz) && sample > 0 !== isHigh(n / toHz));
      expect([Math.min(...pcm), Math.max(...pcm)]).toEqual([-32_768, 32_767]);
      expect([...wrapped]).toEqual([]);
    });

    test('leaves a constant as it is', () => {
      const pcm = resampled(create(fromHz, toHz), new Int16Array(fromHz / 10).fill(12_345), block);
      const settled = pcm.subarray(EDGE_SECONDS * toHz, -EDGE_SECONDS * toHz);
      expect([Math.min(...settled), Math.max(...settled)]).toEqual([12_345, 12_345]);
    });

    test('begins anew after a flush, and ends with a close', () => {
      const resampler = create(fromHz, toHz);
      const pcm = waveform(steady(1_000), fromHz, 0.02, LEVEL_DBFS);
      const first = resampled(resampler, pcm, [pcm.length]);
      expect(resampler.flush()).toHaveLength(0);
      expect(resampled(resampler, pcm, [pcm.length])).toEqual(first);

      resampler.close();
      resampler.close();
      expect(() => resampler.push(pcm)).toThrow(expect.objectContaining({ code: 'RESAMPLER_CLOSED' }));
      expect(() => resampler.flush()).toThrow(expect.objectContaining({ code: 'RESAMPLER_CLOSED' }));
    });

    function toneAfter(part: number): Quality {
      const phase = steady(part * lowerNyquist);
      const pcm = heard(phase, 0.2);
      return inDecibels(
        bestFit(pcm, toHz, phase, { start: EDGE_SECONDS * toHz, end: pcm.length - EDGE_SECONDS * toHz }),
      );
    }

    function loudestWindow(pcm: Int16Array): number {
      const windows = windowsOf(pcm.length, toHz, 0.01, EDGE_SECONDS);
      return Math.max(...windows.map((window) => decibels(rms(pcm, window), TONE_RMS)));
    }
  });

  test.each([
    [8_000, 8_000],
    [11_025, 16_000],
    [16_000, 12_000],
    [0, 8_000],
    [Number.NaN, 8_000],
  ])('refuses %f to %f Hz', (fromHz, toHz) => {
    expect(() => create(fromHz, toHz)).toThrow(expect.objectContaining({ code: 'RATE_UNSUPPORTED' }));
  });
}

/** What became of a signal, against what went in. */
interface Quality {
  readonly gainDb: number;
  readonly phaseError: number;
  readonly residualDb: number;
}

function inDecibels({ amplitude, phaseError, residual }: Fit): Quality {
  return { gainDb: decibels(amplitude, AMPLITUDE), phaseError, residualDb: decibels(residual, TONE_RMS) };
}

function isAccompanied({ residualDb }: Quality): boolean {
  return !(residualDb < -REJECTION_DB);
}

function isSpoiled(quality: Quality): boolean {
  const isFlat = Math.abs(quality.gainDb) < FLATNESS_DB;
  const isOnTime = Math.abs(quality.phaseError) < 0.001;
  return !isFlat || !isOnTime || isAccompanied(quality);
}

function differences(a: Int16Array, b: Int16Array): number {
  return Math.abs(a.length - b.length) + a.filter((sample, n) => sample !== b[n]).length;
}
