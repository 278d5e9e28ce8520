/** Resamples with a polyphase FIR filter in plain TypeScript: runs anywhere, and is what other resamplers are held to. */
import { StreamError } from '../errors.js';
import { OutputDebt } from './rate-ratio.js';
import type { Resampler, ResamplerFactory } from './resampler.js';
import { type SincFilter, sincFilter } from './sinc-filter.js';

/** Input is filtered in pieces of at most this many samples, so that a stream's memory does not follow its blocks. */
const PIECE_SAMPLES = 1_024;

export const createFirResampler: ResamplerFactory = (fromHz, toHz) =>
  new FirResampler(`fir ${fromHz}>${toHz}`, sincFilter(fromHz, toHz));

class FirResampler implements Resampler {
  readonly name: string;
  readonly #filter: SincFilter;
  /** How many input samples after its instant an output sample needs. */
  readonly #half: number;
  /** The newest input, as much as the next output may look back on, at first silence; then room for a piece. */
  readonly #window: Float64Array;
  #debt: OutputDebt;
  #closed = false;

  constructor(name: string, filter: SincFilter) {
    this.name = name;
    this.#filter = filter;
    this.#half = filter.taps / 2;
    this.#window = new Float64Array(filter.taps + PIECE_SAMPLES);
    this.#debt = new OutputDebt(filter.ratio);
  }

  push(samples: Int16Array): Int16Array {
    if (this.#closed) throw new StreamError('RESAMPLER_CLOSED', 'us', this.name);
    const output = new Int16Array(this.#readyAfter(samples.length));
    let written = 0;
    for (let start = 0; start < samples.length; start += PIECE_SAMPLES) {
      written += this.#filterPiece(samples.subarray(start, start + PIECE_SAMPLES), output, written);
    }
    return output;
  }

  flush(): Int16Array {
    const owed = this.#debt.samples;
    const tail = this.push(new Int16Array(this.#half)).slice(0, owed);
    // The window needs no clearing: the silence that drove out the tail also stands before the next stream.
    this.#debt = new OutputDebt(this.#filter.ratio);
    return tail;
  }

  close(): void {
    this.#closed = true;
  }

  /** How many output samples have all the input they need once so many more input samples are in. */
  #readyAfter(inputSamples: number): number {
    const { up, down } = this.#filter.ratio;
    const beyondDelay = this.#debt.units + (inputSamples - this.#half) * up;
    return Math.max(0, Math.ceil(beyondDelay / down));
  }

  /** Writes what is ready into `output` at `first`, and returns how many samples that were. */
  #filterPiece(piece: Int16Array, output: Int16Array, first: number): number {
    const { ratio, taps, phases } = this.#filter;
    const window = this.#window;
    const ready = this.#readyAfter(piece.length);
    window.set(piece, taps);
    this.#debt.took(piece.length);

    // Each pass does every `up`th output: these share their phase and stand `down` input samples apart.
    for (let pass = 0; pass < Math.min(ratio.up, ready); pass++) {
      const unitsBehind = this.#debt.units - pass * ratio.down;
      const samplesBehind = Math.ceil(unitsBehind / ratio.up);
      const weights = phases[samplesBehind * ratio.up - unitsBehind];
      if (weights === undefined) throw new RangeError('A phase is always below `up`.');
      const oldest = taps + piece.length - samplesBehind - (this.#half - 1);
      filterPhase(weights, window, oldest, ratio, output.subarray(first + pass, first + ready));
    }

    this.#debt.gave(ready);
    window.copyWithin(0, piece.length, piece.length + taps);
    return ready;
  }
}

/**
 * Weighs the window for every `up`th sample of `output`, the first from `oldest` on. Four outputs at once share the
 * loading of each weight, which nearly doubles the speed; the order of additions, and so the result, is the same.
 */
function filterPhase(
  weights: Float64Array,
  window: Float64Array,
  oldest: number,
  { up, down }: SincFilter['ratio'],
  output: Int16Array,
): void {
  let at = 0;
  let from = oldest;
  for (; at + 3 * up < output.length; at += 4 * up, from += 4 * down) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let tap = 0; tap < weights.length; tap++) {
      const weight = weights[tap] ?? 0;
      const i = from + tap;
      a += weight * (window[i] ?? 0);
      b += weight * (window[i + down] ?? 0);
      c += weight * (window[i + 2 * down] ?? 0);
      d += weight * (window[i + 3 * down] ?? 0);
    }
    output[at] = toInt16(a);
    output[at + up] = toInt16(b);
    output[at + 2 * up] = toInt16(c);
    output[at + 3 * up] = toInt16(d);
  }
  for (; at < output.length; at += up, from += down) {
    let sum = 0;
    for (let tap = 0; tap < weights.length; tap++) sum += (weights[tap] ?? 0) * (window[from + tap] ?? 0);
    output[at] = toInt16(sum);
  }
}

/** Clamps, because assigning to an Int16Array would wrap an overload around into a loud click. */
function toInt16(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}
