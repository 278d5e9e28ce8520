/** The part of @echogarden/speex-resampler-wasm that we use; the package has no types of its own. */

declare module '@echogarden/speex-resampler-wasm/simd' {
  /** An address in the module's memory, in bytes. */
  export type Pointer = number;

  /** An Emscripten module. Its views are replaced when its memory grows: never keep one across a call. */
  export interface SpeexModule {
    readonly HEAP16: Int16Array;
    readonly HEAP32: Int32Array;
    _malloc(bytes: number): Pointer;
    _free(address: Pointer): void;
    /** Returns 0 and writes the error when there is no memory or an argument is wrong. */
    _speex_resampler_init(channels: number, fromHz: number, toHz: number, quality: number, error: Pointer): Pointer;
    _speex_resampler_destroy(state: Pointer): void;
    _speex_resampler_skip_zeros(state: Pointer): number;
    _speex_resampler_reset_mem(state: Pointer): number;
    _speex_resampler_get_input_latency(state: Pointer): number;
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

  export interface SpeexModuleOptions {
    print?: (line: string) => void;
    printErr?: (line: string) => void;
    wasmBinary?: Uint8Array;
  }

  const createModule: (options?: SpeexModuleOptions) => Promise<SpeexModule>;

  // biome-ignore lint/style/noDefaultExport: it is the package that exports it so.
  export { createModule as default };
}
