/** Speex's resampler in WebAssembly, the best there is in npm: what our own is measured against. */
import createModule from '@echogarden/speex-resampler-wasm/simd';

const INT16_BYTES = 2;
const INT32_BYTES = 4;
const OUTPUT_SAMPLES = 8_192;

/**
 * Returns what makes, for two rates in Hz and a quality from 0 to 10, a function that resamples a packet: a view of the
 * module's memory, good until the next packet.
 */
export async function loadSpeex(): Promise<
  (fromHz: number, toHz: number, quality: number) => (pcm: Int16Array) => Int16Array
> {
  const speex = await createModule();
  return (fromHz, toHz, quality) => {
    const input = speex._malloc(OUTPUT_SAMPLES * INT16_BYTES);
    const output = speex._malloc(OUTPUT_SAMPLES * INT16_BYTES);
    const lengths = speex._malloc(2 * INT32_BYTES);
    const outputLength = lengths + INT32_BYTES;
    const state = speex._speex_resampler_init(1, fromHz, toHz, quality, lengths);
    if (state === 0) throw new Error(`Speex cannot resample from ${fromHz} to ${toHz} Hz at quality ${quality}.`);
    return (pcm) => {
      speex.HEAP16.set(pcm, input / INT16_BYTES);
      speex.HEAP32[lengths / INT32_BYTES] = pcm.length;
      speex.HEAP32[outputLength / INT32_BYTES] = OUTPUT_SAMPLES;
      speex._speex_resampler_process_int(state, 0, input, lengths, output, outputLength);
      const ready = speex.HEAP32[outputLength / INT32_BYTES] ?? 0;
      return speex.HEAP16.subarray(output / INT16_BYTES, output / INT16_BYTES + ready);
    };
  };
}
