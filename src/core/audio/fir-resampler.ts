/** Resamples with a polyphase FIR filter: keeps each stream's past and place in time; a kernel does the sums. */
import { StreamError } from '../errors.js';
import { type FirKernel, PIECE_SAMPLES, PlainKernel } from './fir-kernel.js';
import { OutputDebt } from './rate-ratio.js';
import type { Resampler, ResamplerFactory } from './resampler.js';
import { type SincFilter, sincFilter } from './sinc-filter.js';

/** The one in plain TypeScript. */
export const createFirResampler = firResamplers('fir', (filter) => new PlainKernel(filter));

/** Makes resamplers whose sums are done by `kernelFor`'s kernels, one for each filter. `name` is for logs. */
export function firResamplers(name: string, kernelFor: (filter: SincFilter) => FirKernel): ResamplerFactory {
  const kernels = new Map<SincFilter, FirKernel>();
  return (fromHz, toHz) => {
    const filter = sincFilter(fromHz, toHz);
    const kernel = kernels.get(filter) ?? kernelFor(filter);
    kernels.set(filter, kernel);
    return new FirResampler(`${name} ${fromHz}>${toHz}`, filter, kernel);
  };
}

class FirResampler implements Resampler {
  readonly name: string;
  readonly #filter: SincFilter;
  readonly #kernel: FirKernel;
  /** How many input samples after its instant an output sample needs. */
  readonly #half: number;
  /** The newest input, as much as the next output may look back on, at first silence. */
  readonly #history: Int16Array;
  #debt: OutputDebt;
  #closed = false;

  constructor(name: string, filter: SincFilter, kernel: FirKernel) {
    this.name = name;
    this.#filter = filter;
    this.#kernel = kernel;
    this.#half = filter.taps / 2;
    this.#history = new Int16Array(filter.taps);
    this.#debt = new OutputDebt(filter.ratio);
  }

  push(samples: Int16Array): Int16Array {
    if (this.#closed) throw new StreamError('RESAMPLER_CLOSED', 'us', this.name);
    if (samples.length <= PIECE_SAMPLES) return this.#filterPiece(samples);
    const output = new Int16Array(this.#readyAfter(samples.length));
    let written = 0;
    for (let start = 0; start < samples.length; start += PIECE_SAMPLES) {
      const ready = this.#filterPiece(samples.subarray(start, start + PIECE_SAMPLES));
      output.set(ready, written);
      written += ready.length;
    }
    return output;
  }

  flush(): Int16Array {
    const owed = this.#debt.samples;
    const tail = this.push(new Int16Array(this.#half)).slice(0, owed);
    // The history needs no clearing: the silence that drove out the tail also stands before the next stream.
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

  /** Gives a view of the kernel's output: to make an array of each packet's samples would take as long as the sums. */
  #filterPiece(piece: Int16Array): Int16Array {
    const { ratio, taps } = this.#filter;
    const ready = this.#readyAfter(piece.length);
    this.#kernel.load(this.#history, piece);
    this.#remember(piece);
    this.#debt.took(piece.length);

    // Each pass does every `up`th output: these share their phase and stand `down` input samples apart.
    for (let pass = 0; pass < Math.min(ratio.up, ready); pass++) {
      const unitsBehind = this.#debt.units - pass * ratio.down;
      const samplesBehind = Math.ceil(unitsBehind / ratio.up);
      const oldest = taps + piece.length - samplesBehind - (this.#half - 1);
      this.#kernel.filterPhase(samplesBehind * ratio.up - unitsBehind, oldest, pass, ready);
    }
    this.#debt.gave(ready);
    return this.#kernel.output(ready);
  }

  #remember(piece: Int16Array): void {
    const history = this.#history;
    const kept = Math.max(0, history.length - piece.length);
    history.copyWithin(0, history.length - kept);
    history.set(piece.subarray(piece.length - (history.length - kept)), kept);
  }
}
