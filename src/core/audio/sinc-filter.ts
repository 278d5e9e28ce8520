/**
 * The filter of the FIR resampler: a sinc under a Kaiser window, cut into phases. The window's length and shape follow
 * J. F. Kaiser's formulas (Oppenheim and Schafer, Discrete-Time Signal Processing, 7.6).
 */
import { type RateRatio, rateRatio } from './rate-ratio.js';

export interface SincFilter {
  readonly ratio: RateRatio;
  /** Weights in a phase: an even number of input samples, half of them up to the output's instant, half after it. */
  readonly taps: number;
  /** Phase p weighs the input samples, oldest first, for an output that stands p/`up` after one of them. */
  readonly phases: readonly Float64Array[];
}

/** Ten more than promised; a 16-bit sample could show hardly more. */
const STOP_BAND_DB = 90;
/** The band is flat up to here and gone at 1, as parts of the lower of the two Nyquist frequencies. */
const PASS_BAND_EDGE = 0.85;

/** Filters are kept for ever, which is bounded: the supported rates make 24 filters, 0.8 MB in all. */
const filters = new Map<string, SincFilter>();

/** The filter from one supported rate to another; streams of the same ratio share it. */
export function sincFilter(fromHz: number, toHz: number): SincFilter {
  const name = `${fromHz}>${toHz}`;
  const known = filters.get(name);
  if (known !== undefined) return known;

  const filter = design(fromHz, toHz);
  filters.set(name, filter);
  return filter;
}

function design(fromHz: number, toHz: number): SincFilter {
  const ratio = rateRatio(fromHz, toHz);
  /** The lower Nyquist frequency in cycles per input sample: 0.5, or less when the rate goes down. */
  const nyquist = 0.5 * Math.min(1, toHz / fromHz);
  const cutoff = (nyquist * (1 + PASS_BAND_EDGE)) / 2;
  const transition = nyquist * (1 - PASS_BAND_EDGE);
  const half = Math.ceil((STOP_BAND_DB - 7.95) / (14.36 * transition) / 2);
  const taps = 2 * half;
  const beta = 0.1102 * (STOP_BAND_DB - 8.7);

  const phases = Array.from({ length: ratio.up }, (_, phase) => {
    const weights = Float64Array.from({ length: taps }, (_, tap) => {
      const time = tap - (half - 1) - phase / ratio.up;
      return sinc(2 * cutoff * time) * besselI0(beta * Math.sqrt(1 - (time / half) ** 2));
    });
    // Every phase passes a constant unchanged, so that a DC offset does not turn into a hum.
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight) => weight / sum);
  });
  return { ratio, taps, phases };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The modified Bessel function of order 0, by its power series; the terms fall below a double's precision. */
function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * Number.EPSILON; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
