import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import { keepsResamplerPromises } from '../../../test/resampler-promises.js';
import { delayMs, resampled } from '../../../test/resampler-quality.js';
import { tone } from '../../../test/tones.js';
import { loadSpeexResampler } from './speex-resampler.js';

/** The compiler's libraries know WebAssembly only as a part of the browser. */
declare const WebAssembly: {
  readonly Memory: { readonly prototype: { grow(pages: number): number } };
  readonly CompileError: ErrorConstructor;
  instantiate(binary: Uint8Array): Promise<unknown>;
};

const createSpeexResampler = await loadSpeexResampler();

keepsResamplerPromises(createSpeexResampler);

test('from 8000 Hz up it takes all the time that is allowed: 64 samples', () => {
  for (const toHz of [16_000, 24_000, 48_000]) expect(delayMs(createSpeexResampler, [8_000, toHz])).toBe(8);
});

test('ten minutes in, ten minutes out', () => {
  const resampler = createSpeexResampler(44_100, 16_000);
  const tenSeconds = new Int16Array(441_000);
  let given = 0;
  for (let i = 0; i < 60; i++) given += resampler.push(tenSeconds).length;
  given += resampler.flush().length;
  resampler.close();
  expect(given).toBe(600 * 16_000);
});

describe('the memory of the module', () => {
  const growth = jest.spyOn(WebAssembly.Memory.prototype, 'grow');
  afterEach(() => {
    growth.mockClear();
  });
  afterAll(() => {
    growth.mockRestore();
  });

  test('is freed by a close', () => {
    for (let i = 0; i < 3_000; i++) createSpeexResampler(44_100, 48_000).close();
    expect(growth).not.toHaveBeenCalled();
  });

  test('may grow in the middle of a stream', () => {
    const pcm = tone(1_000, 16_000, 0.1, -6);
    const expected = resampled(createSpeexResampler(16_000, 24_000), pcm, [320]);

    const stream = createSpeexResampler(16_000, 24_000);
    const before = stream.push(pcm.subarray(0, 800)).slice();
    const others = [];
    while (growth.mock.calls.length === 0 && others.length < 10_000) others.push(createSpeexResampler(44_100, 48_000));
    expect(growth).toHaveBeenCalled();
    const after = resampled(stream, pcm.subarray(800), [320]);

    expect([...before, ...after]).toEqual([...expected]);
    for (const resampler of [stream, ...others]) resampler.close();
  });
});

test('says why where WebAssembly is missing', async () => {
  const present = WebAssembly;
  Reflect.deleteProperty(globalThis, 'WebAssembly');
  try {
    await expect(loadSpeexResampler()).rejects.toMatchObject({
      code: 'RESAMPLER_UNAVAILABLE',
      blame: 'machine',
      message: expect.stringContaining('WebAssembly is not defined'),
    });
  } finally {
    Object.assign(globalThis, { WebAssembly: present });
  }
});

test('says why where WebAssembly has no SIMD', async () => {
  const refusal = new WebAssembly.CompileError('Wasm SIMD unsupported');
  const instantiate = jest.spyOn(WebAssembly, 'instantiate').mockRejectedValueOnce(refusal);
  await expect(loadSpeexResampler()).rejects.toMatchObject({
    code: 'RESAMPLER_UNAVAILABLE',
    message: expect.stringContaining('Wasm SIMD unsupported'),
  });
  instantiate.mockRestore();
});
