/** The exact ratio of two sample rates, and how much output a stream of input is worth: whole numbers, so no drift. */
import { StreamError } from '../errors.js';

/** `up` output samples last exactly as long as `down` input samples; the two have no common divisor. */
export interface RateRatio {
  readonly up: number;
  readonly down: number;
}

/** The rates Asterisk and its codecs speak. */
export const INPUT_RATES_HZ: readonly number[] = [8_000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000];
/** The rates a receiver may ask for. */
export const OUTPUT_RATES_HZ: readonly number[] = [8_000, 16_000, 24_000, 48_000];

/** Throws RATE_UNSUPPORTED when the rates are equal, or are not among those above. */
export function rateRatio(fromHz: number, toHz: number): RateRatio {
  if (fromHz === toHz || !INPUT_RATES_HZ.includes(fromHz) || !OUTPUT_RATES_HZ.includes(toHz)) {
    throw new StreamError('RATE_UNSUPPORTED', 'us', `${fromHz} Hz to ${toHz} Hz`);
  }
  const divisor = greatestCommonDivisor(fromHz, toHz);
  return { up: toHz / divisor, down: fromHz / divisor };
}

/**
 * Counts what a resampler owes: input taken in and not yet answered by output, in units of 1/`up` of an input sample.
 * The next output sample stands `units` before the end of the input. Only the difference is kept, never the totals, so
 * the count is as small and as exact after a year as after a second.
 */
export class OutputDebt {
  readonly #ratio: RateRatio;
  #units = 0;

  constructor(ratio: RateRatio) {
    this.#ratio = ratio;
  }

  get units(): number {
    return this.#units;
  }

  /** Samples that must still come out so that the whole output is as long as the whole input, to the nearest sample. */
  get samples(): number {
    return Math.floor((2 * this.#units + this.#ratio.down) / (2 * this.#ratio.down));
  }

  took(inputSamples: number): void {
    this.#units += inputSamples * this.#ratio.up;
  }

  gave(outputSamples: number): void {
    this.#units -= outputSamples * this.#ratio.down;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
