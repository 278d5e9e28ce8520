/** What a resampler is: a streaming change of sample rate that remembers its history between blocks. */

export interface Resampler {
  /** What it is and does, for logs: `fir 8000>16000`. */
  readonly name: string;
  /**
   * Takes the next samples and returns those that are ready. The filter's delay is compensated: output sample 0 stands
   * at the time of input sample 0, so the first block comes back shorter than its share.
   * What is returned is there until any resampler is used next; the samples it took it does not keep.
   */
  push(samples: Int16Array): Int16Array;
  /**
   * Returns what the filter still holds: the output is then as long as the input, to the nearest sample. What is pushed
   * next begins a new stream.
   */
  flush(): Int16Array;
  /**
   * Frees what the resampler holds outside the JavaScript heap. A second call does nothing; `push` and `flush` throw
   * RESAMPLER_CLOSED from then on.
   */
  close(): void;
}

/** Makes a resampler from one rate to another, both in Hz. Throws RATE_UNSUPPORTED for equal or unsupported rates. */
export type ResamplerFactory = (fromHz: number, toHz: number) => Resampler;
