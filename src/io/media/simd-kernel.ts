/** The inner loops of the FIR resampler in WebAssembly's SIMD instructions: some nine times as fast as the plain ones. */
import type { FirKernel } from '../../core/audio/fir-kernel.js';
import type { SincFilter } from '../../core/audio/sinc-filter.js';
import { StreamError } from '../../core/errors.js';
import { SIMD_KERNEL_WASM } from './simd-kernel-wasm.js';

/** As much of WebAssembly as is used here: the compiler's libraries know it only as a part of the browser. */
declare const WebAssembly: {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** What simd-kernel.wat exports, which also says what the parameters are. */
interface SimdExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  widen(from: number, to: number, end: number): void;
  filterPhase(
    weights: number,
    weightsEnd: number,
    from: number,
    down: number,
    to: number,
    up: number,
    end: number,
  ): void;
}

const INT16_BYTES = 2;
const FLOAT_BYTES = 4;
/** The kernel takes weights by eights. */
const TAPS_AT_ONCE = 8;

/**
 * What lies where, in bytes. All filters use the same rooms in turn, which have space for what the kernel reads and
 * writes too much, and behind them lie their weights, one filter's after the other's.
 */
const SAMPLES_AT = 0;
const WINDOW_AT = 8 * 1_024;
const OUTPUT_AT = 32 * 1_024;
const WEIGHTS_AT = 64 * 1_024;

/**
 * Compiles the kernel, and returns what makes one for a filter; all of them share a memory of 512 KiB, in which there is
 * room for one of each filter there is.
 * Throws RESAMPLER_UNAVAILABLE where WebAssembly or its SIMD instructions are missing.
 */
export function simdKernels(): (filter: SincFilter) => FirKernel {
  const exports = instantiated();
  let weightsAt = WEIGHTS_AT;
  return (filter) => {
    const kernel = new SimdKernel(exports, filter, weightsAt);
    weightsAt = kernel.weightsEnd;
    return kernel;
  };
}

function instantiated(): SimdExports {
  try {
    const module = new WebAssembly.Module(Buffer.from(SIMD_KERNEL_WASM, 'base64'));
    return new WebAssembly.Instance(module).exports as SimdExports;
  } catch (cause) {
    throw new StreamError('RESAMPLER_UNAVAILABLE', 'machine', String(cause), cause);
  }
}

class SimdKernel implements FirKernel {
  readonly weightsEnd: number;
  readonly #exports: SimdExports;
  readonly #weightsAt: number;
  readonly #phaseBytes: number;
  /** How far apart outputs of one phase are, and what they look at. */
  readonly #upBytes: number;
  readonly #downBytes: number;
  readonly #samples: Int16Array;
  readonly #output: Int16Array;

  constructor(exports: SimdExports, { ratio, taps, phases }: SincFilter, weightsAt: number) {
    const { buffer } = exports.memory;
    const paddedTaps = Math.ceil(taps / TAPS_AT_ONCE) * TAPS_AT_ONCE;
    this.#exports = exports;
    this.#weightsAt = weightsAt;
    this.#phaseBytes = paddedTaps * FLOAT_BYTES;
    this.#upBytes = ratio.up * INT16_BYTES;
    this.#downBytes = ratio.down * FLOAT_BYTES;
    this.#samples = new Int16Array(buffer, SAMPLES_AT, (WINDOW_AT - SAMPLES_AT) / INT16_BYTES);
    this.#output = new Int16Array(buffer, OUTPUT_AT, (WEIGHTS_AT - OUTPUT_AT) / INT16_BYTES);

    const weights = new Float32Array(buffer, weightsAt, phases.length * paddedTaps);
    phases.forEach((phase, index) => {
      weights.set(phase, index * paddedTaps);
    });
    this.weightsEnd = weightsAt + weights.byteLength;
  }

  load(history: Int16Array, piece: Int16Array): void {
    this.#samples.set(history);
    this.#samples.set(piece, history.length);
    this.#exports.widen(SAMPLES_AT, WINDOW_AT, WINDOW_AT + (history.length + piece.length) * FLOAT_BYTES);
  }

  filterPhase(phase: number, oldest: number, first: number, end: number): void {
    const weights = this.#weightsAt + phase * this.#phaseBytes;
    this.#exports.filterPhase(
      weights,
      weights + this.#phaseBytes,
      WINDOW_AT + oldest * FLOAT_BYTES,
      this.#downBytes,
      OUTPUT_AT + first * INT16_BYTES,
      this.#upBytes,
      OUTPUT_AT + end * INT16_BYTES,
    );
  }

  output(samples: number): Int16Array {
    return this.#output.subarray(0, samples);
  }
}
