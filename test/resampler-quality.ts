/** Measures what a resampler does to tones and sweeps. Pure arithmetic: it expects nothing, and reports. */

import { INPUT_RATES_HZ, OUTPUT_RATES_HZ } from '../src/core/audio/rate-ratio.js';
import type { Resampler, ResamplerFactory } from '../src/core/audio/resampler.js';

/** From one rate to another, in Hz. */
export type RatePair = readonly [fromHz: number, toHz: number];
/** A signal by its phase in radians at a time in seconds. */
export type Phase = (seconds: number) => number;

export const RATE_PAIRS: readonly RatePair[] = INPUT_RATES_HZ.flatMap((fromHz) =>
  OUTPUT_RATES_HZ.filter((toHz) => toHz !== fromHz).map((toHz): RatePair => [fromHz, toHz]),
);

/** Jest looks up every global through its sandbox; in a loop over samples that would be most of the time. */
const { sin, cos, PI } = Math;

/** Starts between a zero and a peak: a tone at half a sample rate shows nothing to one who looks at its zeros only. */
const START_PHASE = PI / 4;

export function steady(hz: number): Phase {
  return (time) => START_PHASE + 2 * PI * hz * time;
}

/**
 * Holds the first frequency for `holdSeconds`, then leaves it ever faster, to be at the second one after
 * `sweepSeconds`. A sudden departure would itself contain frequencies far below the first one.
 */
export function sweep(fromHz: number, toHz: number, holdSeconds: number, sweepSeconds: number): Phase {
  const acceleration = (toHz - fromHz) / sweepSeconds ** 2;
  return (time) => {
    const sweeping = Math.max(0, time - holdSeconds);
    return START_PHASE + 2 * PI * (fromHz * time + (acceleration / 3) * sweeping ** 3);
  };
}

/** All that comes out when `pcm` is pushed in blocks of the lengths given, in turn, and then flushed. */
export function resampled(resampler: Resampler, pcm: Int16Array, blockLengths: readonly number[]): Int16Array {
  const blocks: Int16Array[] = [];
  for (let at = 0, turn = 0; at < pcm.length; turn++) {
    const length = blockLengths[turn % blockLengths.length] ?? pcm.length;
    blocks.push(resampler.push(pcm.subarray(at, at + length)).slice());
    at += length;
  }
  blocks.push(resampler.flush());
  return joined(blocks);
}

export function joined(blocks: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(blocks.reduce((length, block) => length + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
}

/** Cuts a length into windows, without the first and the last `edgeSeconds`, where the sound starts and stops. */
export function windowsOf(length: number, sampleRate: number, windowSeconds: number, edgeSeconds: number): Window[] {
  const size = Math.round(windowSeconds * sampleRate);
  const edge = Math.round(edgeSeconds * sampleRate);
  const count = Math.floor((length - 2 * edge) / size);
  return Array.from({ length: count }, (_, i) => ({ start: edge + i * size, end: edge + (i + 1) * size }));
}

export interface Window {
  readonly start: number;
  readonly end: number;
}

export interface Fit {
  /** The amplitude of the signal found. */
  readonly amplitude: number;
  /** How far its phase is ahead of the known one, in radians; behind is negative. */
  readonly phaseError: number;
  /** RMS of all that is not the signal: noise, images, aliases, clicks. */
  readonly residual: number;
}

/** Finds the known signal in a window of `pcm` by least squares. */
export function bestFit(pcm: Int16Array, sampleRate: number, phaseAt: Phase, { start, end }: Window): Fit {
  const heard = pcm.subarray(start, end);
  const sines = Float64Array.from(heard, (_, n) => sin(phaseAt((start + n) / sampleRate)));
  const cosines = Float64Array.from(heard, (_, n) => cos(phaseAt((start + n) / sampleRate)));
  const ss = dot(sines, sines);
  const cc = dot(cosines, cosines);
  const sc = dot(sines, cosines);
  const xs = dot(heard, sines);
  const xc = dot(heard, cosines);
  const determinant = ss * cc - sc * sc;
  const sine = (xs * cc - xc * sc) / determinant;
  const cosine = (xc * ss - xs * sc) / determinant;

  const rest = Float64Array.from(heard, (x, n) => x - sine * (sines[n] ?? 0) - cosine * (cosines[n] ?? 0));
  return {
    amplitude: Math.hypot(sine, cosine),
    phaseError: Math.atan2(cosine, sine),
    residual: Math.sqrt(dot(rest, rest) / rest.length),
  };
}

export function rms(pcm: Int16Array, { start, end }: Window): number {
  const heard = pcm.subarray(start, end);
  return Math.sqrt(dot(heard, heard) / heard.length);
}

/** RMS of all that lies above a frequency, in each piece of `size` samples (a power of two), overlapping by half. */
export function rmsAbove(hz: number, pcm: Int16Array, sampleRate: number, size: number): number[] {
  // The eighth power of a sine: wide in the middle, but 100 dB down six bins from it, far beyond what is looked for.
  const taper = Float64Array.from({ length: size }, (_, n) => sin((PI * (n + 0.5)) / size) ** 8);
  const taperEnergy = taper.reduce((sum, weight) => sum + weight ** 2, 0);
  const firstBin = Math.ceil((hz * size) / sampleRate);

  const levels: number[] = [];
  for (let start = 0; start + size <= pcm.length; start += size / 2) {
    const power = powerSpectrum(taper.map((weight, n) => weight * (pcm[start + n] ?? 0)));
    let energy = 0;
    for (let bin = firstBin; bin < size / 2; bin++) energy += 2 * (power[bin] ?? 0);
    levels.push(Math.sqrt(energy / size / taperEnergy));
  }
  return levels;
}

/**
 * How long after an impulse is in its echo comes out, in milliseconds of input: it is fed one sample at a time. For a
 * symmetrical filter this is its group delay.
 */
export function delayMs(create: ResamplerFactory, [fromHz, toHz]: RatePair): number {
  const resampler = create(fromHz, toHz);
  const impulseAt = 12 * 147; // Whatever the two rates, an output sample stands at the very same instant.
  let loudest = 0;
  let loudestCameAfter = 0;
  for (let n = 0; n < impulseAt + fromHz * 0.03; n++) {
    for (const sample of resampler.push(Int16Array.of(n === impulseAt ? 30_000 : 0))) {
      if (Math.abs(sample) <= loudest) continue;
      loudest = Math.abs(sample);
      loudestCameAfter = n - impulseAt;
    }
  }
  resampler.close();
  return (1_000 * loudestCameAfter) / fromHz;
}

type Samples = Int16Array | Float64Array;

function dot(a: Samples, b: Samples): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += (a[n] ?? 0) * (b[n] ?? 0);
  return sum;
}

/** Squared magnitudes of the discrete Fourier transform (Cooley and Tukey, radix 2). */
function powerSpectrum(samples: Float64Array): Float64Array {
  const { re, im } = transform(samples, new Float64Array(samples.length));
  return re.map((real, bin) => real ** 2 + (im[bin] ?? 0) ** 2);
}

function transform(re: Float64Array, im: Float64Array): { re: Float64Array; im: Float64Array } {
  const size = re.length;
  if (size === 1) return { re, im };

  const every2nd = (from: Float64Array, first: number) =>
    Float64Array.from({ length: size / 2 }, (_, n) => from[2 * n + first] ?? 0);
  const even = transform(every2nd(re, 0), every2nd(im, 0));
  const odd = transform(every2nd(re, 1), every2nd(im, 1));
  const result = { re: new Float64Array(size), im: new Float64Array(size) };
  for (let bin = 0; bin < size / 2; bin++) {
    const [c, s] = [cos((2 * PI * bin) / size), -sin((2 * PI * bin) / size)];
    const [oddRe, oddIm] = [odd.re[bin] ?? 0, odd.im[bin] ?? 0];
    const [turnedRe, turnedIm] = [c * oddRe - s * oddIm, c * oddIm + s * oddRe];
    result.re[bin] = (even.re[bin] ?? 0) + turnedRe;
    result.im[bin] = (even.im[bin] ?? 0) + turnedIm;
    result.re[bin + size / 2] = (even.re[bin] ?? 0) - turnedRe;
    result.im[bin + size / 2] = (even.im[bin] ?? 0) - turnedIm;
  }
  return result;
}
