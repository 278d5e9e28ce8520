/**
 * Resamples with the Speex resampler, compiled to WebAssembly with SIMD: the one that carries the load.
 * docs/decisions/0002-resampler.md has the measurements behind its settings.
 */
import type { Pointer, SpeexModule } from '@echogarden/speex-resampler-wasm/simd';
import { OutputDebt, type RateRatio, rateRatio } from '../../core/audio/rate-ratio.js';
import type { Resampler, ResamplerFactory } from '../../core/audio/resampler.js';
import { StreamError } from '../../core/errors.js';

/** The lowest quality that keeps aliases 80 dB down from the Nyquist frequency on, when the rate goes down. */
const QUALITY_DOWN = 5;
/** The same for images when the rate goes up: Speex puts that filter's edge higher, so it must be steeper. */
const QUALITY_UP = 7;

const INT16_BYTES = 2;
const INT32_BYTES = 4;
/** Input passes through the module's memory in pieces of at most this many samples. */
const PIECE_SAMPLES = 2_048;
/** Room for the output of a piece at the steepest supported ratio, 8000 to 48000 Hz, and one sample for rounding. */
const PIECE_OUTPUT_SAMPLES = 6 * PIECE_SAMPLES + 1;

/** Rejects with RESAMPLER_UNAVAILABLE where WebAssembly or its SIMD instructions are missing. */
export async function loadSpeexResampler(): Promise<ResamplerFactory> {
  try {
    const { default: createModule } = await import('@echogarden/speex-resampler-wasm/simd');
    // The module would otherwise print its troubles to the console; they are in the error as well.
    const speex = await createModule({ print: () => {}, printErr: () => {} });
    const workspace = allocateWorkspace(speex);
    return (fromHz, toHz) => new SpeexResampler(speex, workspace, fromHz, toHz);
  } catch (cause) {
    throw new StreamError('RESAMPLER_UNAVAILABLE', 'machine', String(cause), cause);
  }
}

/** Places in the module's memory that all streams share: each uses them only within one call. */
interface Workspace {
  readonly input: Pointer;
  readonly inputLength: Pointer;
  readonly output: Pointer;
  readonly outputLength: Pointer;
  readonly error: Pointer;
}

class SpeexResampler implements Resampler {
  readonly name: string;
  readonly #speex: SpeexModule;
  readonly #workspace: Workspace;
  readonly #ratio: RateRatio;
  #state: Pointer | undefined;
  #debt: OutputDebt;

  constructor(speex: SpeexModule, workspace: Workspace, fromHz: number, toHz: number) {
    const quality = toHz < fromHz ? QUALITY_DOWN : QUALITY_UP;
    this.name = `speex q${quality} ${fromHz}>${toHz}`;
    this.#speex = speex;
    this.#workspace = workspace;
    this.#ratio = rateRatio(fromHz, toHz);
    this.#debt = new OutputDebt(this.#ratio);
    this.#state = speex._speex_resampler_init(1, fromHz, toHz, quality, workspace.error);
    if (this.#state === 0) {
      const error = speex.HEAP32[workspace.error / INT32_BYTES];
      throw new StreamError('RESAMPLER_UNAVAILABLE', 'machine', `Speex error ${error} for ${this.name}`);
    }
    speex._speex_resampler_skip_zeros(this.#state);
  }

  push(samples: Int16Array): Int16Array {
    const state = this.#opened();
    if (samples.length <= PIECE_SAMPLES) return this.#process(state, samples);
    const pieces: Int16Array[] = [];
    for (let start = 0; start < samples.length; start += PIECE_SAMPLES) {
      pieces.push(this.#process(state, samples.subarray(start, start + PIECE_SAMPLES)).slice());
    }
    return joined(pieces);
  }

  flush(): Int16Array {
    const state = this.#opened();
    const owed = this.#debt.samples;
    const delay = this.#speex._speex_resampler_get_input_latency(state);
    const tail = this.push(new Int16Array(delay)).slice(0, owed);
    this.#speex._speex_resampler_reset_mem(state);
    this.#speex._speex_resampler_skip_zeros(state);
    this.#debt = new OutputDebt(this.#ratio);
    return tail;
  }

  close(): void {
    if (this.#state === undefined) return;
    this.#speex._speex_resampler_destroy(this.#state);
    this.#state = undefined;
  }

  #opened(): Pointer {
    if (this.#state === undefined) throw new StreamError('RESAMPLER_CLOSED', 'us', this.name);
    return this.#state;
  }

  /** Gives a view of the workspace: to make an array of each packet's samples would take longer than to resample them. */
  #process(state: Pointer, piece: Int16Array): Int16Array {
    const { input, inputLength, output, outputLength } = this.#workspace;
    const speex = this.#speex;
    speex.HEAP16.set(piece, input / INT16_BYTES);
    speex.HEAP32[inputLength / INT32_BYTES] = piece.length;
    speex.HEAP32[outputLength / INT32_BYTES] = PIECE_OUTPUT_SAMPLES;
    speex._speex_resampler_process_int(state, 0, input, inputLength, output, outputLength);

    const ready = speex.HEAP32[outputLength / INT32_BYTES] ?? 0;
    this.#debt.took(piece.length);
    this.#debt.gave(ready);
    return speex.HEAP16.subarray(output / INT16_BYTES, output / INT16_BYTES + ready);
  }
}

function allocateWorkspace(speex: SpeexModule): Workspace {
  return {
    input: speex._malloc(PIECE_SAMPLES * INT16_BYTES),
    inputLength: speex._malloc(INT32_BYTES),
    output: speex._malloc(PIECE_OUTPUT_SAMPLES * INT16_BYTES),
    outputLength: speex._malloc(INT32_BYTES),
    error: speex._malloc(INT32_BYTES),
  };
}

function joined(pieces: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
