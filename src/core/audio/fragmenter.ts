/** Regroups samples into fragments of equal length. */

import { fragmentMemory } from '../fragment-memory.js';

export interface LastFragment {
  readonly fragment: Int16Array;
  /** Samples of silence at its end that were never in the audio. */
  readonly padding: number;
}

/** What most packets give: one array for all of them. */
export const NO_FRAGMENTS: readonly Int16Array[] = [];

/** A worker thread's V8 would look `#open.set` up anew for each packet, which takes half as long as the copying itself. */
const { set } = Int16Array.prototype;

export class Fragmenter {
  readonly #length: number;
  #open: Int16Array;
  #filled = 0;

  /** `length` is in samples, 1 or more. */
  constructor(length: number) {
    this.#length = length;
    this.#open = fragmentMemory(length);
  }

  /** Takes samples, copies them, and returns the fragments that became full; each is the caller's to keep. */
  push(samples: Int16Array): readonly Int16Array[] {
    if (samples.length > this.#length - this.#filled) return this.#split(samples);
    set.call(this.#open, samples, this.#filled);
    this.#filled += samples.length;
    return this.#filled < this.#length ? NO_FRAGMENTS : [this.#takeOpen()];
  }

  /** The last samples, filled up with silence to a whole fragment; undefined when there are none. */
  flush(): LastFragment | undefined {
    if (this.#filled === 0) return undefined;
    const padding = this.#length - this.#filled;
    this.#open.fill(0, this.#filled);
    return { fragment: this.#takeOpen(), padding };
  }

  #split(samples: Int16Array): Int16Array[] {
    const full: Int16Array[] = [];
    for (let taken = 0; taken < samples.length; ) {
      const piece = samples.subarray(taken, taken + this.#length - this.#filled);
      full.push(...this.push(piece));
      taken += piece.length;
    }
    return full;
  }

  #takeOpen(): Int16Array {
    const taken = this.#open;
    this.#open = fragmentMemory(this.#length);
    this.#filled = 0;
    return taken;
  }
}
