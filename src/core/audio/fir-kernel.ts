/** The inner loops of the FIR resampler: what they must do, and how plain TypeScript does it. */
import type { SincFilter } from './sinc-filter.js';

/** Input is filtered in pieces of at most this many samples, so that the rooms below do not follow a stream's blocks. */
export const PIECE_SAMPLES = 1_024;

/** Weighs samples by one filter. All streams with that filter use it in turn: it keeps nothing of any of them. */
export interface FirKernel {
  /** Makes the window: `filter.taps` samples that came before, and behind them at most PIECE_SAMPLES new ones. */
  load(history: Int16Array, piece: Int16Array): void;
  /**
   * Writes the output samples `first`, `first + up` and so on below `end`, which all stand at phase `phase`; each looks at
   * `taps` samples of the window, the first one from `oldest` on, the next ones `down` samples further each. Rounds to
   * the nearest and clamps to 16 bits.
   */
  filterPhase(phase: number, oldest: number, first: number, end: number): void;
  /** The first samples of what was written: a view that is good until the next `load`. */
  output(samples: number): Int16Array;
}

/** Runs anywhere, in double precision, and is what other kernels are held to. */
export class PlainKernel implements FirKernel {
  readonly #filter: SincFilter;
  readonly #window: Float64Array;
  readonly #output: Int16Array;

  constructor(filter: SincFilter) {
    const { ratio, taps } = filter;
    this.#filter = filter;
    this.#window = new Float64Array(taps + PIECE_SAMPLES);
    this.#output = new Int16Array(Math.ceil((PIECE_SAMPLES * ratio.up) / ratio.down) + 1);
  }

  load(history: Int16Array, piece: Int16Array): void {
    this.#window.set(history);
    this.#window.set(piece, history.length);
  }

  /** Four outputs at once share the loading of each weight, which nearly doubles the speed. */
  filterPhase(phase: number, oldest: number, first: number, end: number): void {
    const { phases, ratio } = this.#filter;
    const { up, down } = ratio;
    const weights = phases[phase] ?? [];
    const window = this.#window;
    const output = this.#output;
    let at = first;
    let from = oldest;
    for (; at + 3 * up < end; at += 4 * up, from += 4 * down) {
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
    for (; at < end; at += up, from += down) {
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++) sum += (weights[tap] ?? 0) * (window[from + tap] ?? 0);
      output[at] = toInt16(sum);
    }
  }

  output(samples: number): Int16Array {
    return this.#output.subarray(0, samples);
  }
}

/** Clamps, because assigning to an Int16Array would wrap an overload around into a loud click. */
function toInt16(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}
