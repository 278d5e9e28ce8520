/** The part of @echogarden/speex-resampler-wasm that is used here; the package has no types of its own. */

declare module '@echogarden/speex-resampler-wasm/simd' {
  /** An address in the module's memory, in bytes. */
  export type Pointer = number;

  /** An Emscripten module. Its views are replaced when its memory grows. */
  export interface SpeexModule {
    readonly HEAP16: Int16Array;
    readonly HEAP32: Int32Array;
    _malloc(bytes: number): Pointer;
    /** Returns 0 and writes the error when there is no memory or an argument is wrong. */
    _speex_resampler_init(channels: number, fromHz: number, toHz: number, quality: number, error: Pointer): Pointer;
    /** Reads at most, and writes at most, as many samples as the two lengths say, and replaces these by what it did. */
    _speex_resampler_process_int(
      state: Pointer,
      channel: number,
      input: Pointer,
      inputLength: Pointer,
      output: Pointer,
      outputLength: Pointer,
    ): number;
  }

  const createModule: () => Promise<SpeexModule>;

  // biome-ignore lint/style/noDefaultExport: it is the package that exports it so.
  export { createModule as default };
}
