import { spawnSync } from 'node:child_process';
import { describe, expect, jest, test } from '@jest/globals';
import { seededRandom } from '../../../lab/seeded-random.js';
import { keepsResamplerPromises } from '../../../test/resampler-promises.js';
import { RATE_PAIRS, resampled } from '../../../test/resampler-quality.js';
import { createFirResampler, firResamplers } from '../../core/audio/fir-resampler.js';
import { simdKernels } from './simd-kernel.js';

/** The compiler's libraries know WebAssembly only as a part of the browser. */
declare const WebAssembly: { Module: new (binary: Uint8Array) => object; readonly CompileError: ErrorConstructor };

const createSimdResampler = firResamplers('fir simd', simdKernels());

keepsResamplerPromises(createSimdResampler, 5);

describe.each(RATE_PAIRS)('%i to %i Hz', (fromHz, toHz) => {
  const blocks = [fromHz / 50];

  test('sounds like the plain kernel, to a step of the 16 bits', () => {
    const pcm = noise(fromHz / 5);
    const plain = resampled(createFirResampler(fromHz, toHz), pcm, blocks);
    const simd = resampled(createSimdResampler(fromHz, toHz), pcm, blocks);
    expect(simd.length).toBe(plain.length);
    expect(Math.max(...simd.map((sample, n) => Math.abs(sample - (plain[n] ?? Number.NaN))))).toBeLessThanOrEqual(1);
  });

  test('streams that take turns do not hear one another', () => {
    const pcm = noise(fromHz / 10);
    const alone = resampled(createSimdResampler(fromHz, toHz), pcm, blocks);
    const stream = createSimdResampler(fromHz, toHz);
    const others = RATE_PAIRS.map(([from, to]) => ({ from, resampler: createSimdResampler(from, to) }));
    const heard: number[] = [];
    for (let start = 0; start < pcm.length; start += fromHz / 50) {
      heard.push(...stream.push(pcm.subarray(start, start + fromHz / 50)));
      for (const { from, resampler } of others) resampler.push(noise(from / 50));
    }
    heard.push(...stream.flush());
    expect(heard).toEqual([...alone]);
  });
});

test('ten minutes in, ten minutes out', () => {
  const resampler = createSimdResampler(44_100, 16_000);
  const tenSeconds = new Int16Array(441_000);
  let given = 0;
  for (let i = 0; i < 60; i++) given += resampler.push(tenSeconds).length;
  given += resampler.flush().length;
  resampler.close();
  expect(given).toBe(600 * 16_000);
});

test('what is run is what the text compiles to', () => {
  const { status, stderr } = spawnSync('node', ['scripts/compile-simd-kernel.mjs', '--check'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('says why where WebAssembly is missing', () => {
  const present = WebAssembly;
  Reflect.deleteProperty(globalThis, 'WebAssembly');
  try {
    expect(() => simdKernels()).toThrow(
      expect.objectContaining({
        code: 'RESAMPLER_UNAVAILABLE',
        blame: 'machine',
        message: expect.stringContaining('WebAssembly is not defined'),
      }),
    );
  } finally {
    Object.assign(globalThis, { WebAssembly: present });
  }
});

test('says why where WebAssembly has no SIMD', () => {
  const module = jest.spyOn(WebAssembly, 'Module').mockImplementationOnce(() => {
    throw new WebAssembly.CompileError('Wasm SIMD unsupported');
  });
  expect(() => simdKernels()).toThrow(
    expect.objectContaining({
      code: 'RESAMPLER_UNAVAILABLE',
      message: expect.stringContaining('Wasm SIMD unsupported'),
    }),
  );
  module.mockRestore();
});

function noise(samples: number): Int16Array {
  const random = seededRandom(samples);
  return Int16Array.from({ length: samples }, () => Math.floor(random() * 0x1_0000) - 0x8000);
}
