import { expect, test } from '@jest/globals';
import { delayMs, RATE_PAIRS } from '../../../test/resampler-quality.js';
import type { Log, LogFields } from '../../core/log.js';
import { loadResamplers } from './resamplers.js';

const warnings: { message: string; fields: LogFields | undefined }[] = [];
const log: Log = {
  error: () => {},
  warn: (message, fields) => warnings.push({ message, fields }),
  info: () => {},
  debug: () => {},
  isDebugEnabled: () => false,
};

test('Speex resamples', async () => {
  const create = await loadResamplers(log);
  expect(create(16_000, 8_000).name).toBe('speex q5 16000>8000');
  expect(create(16_000, 24_000).name).toBe('speex q7 16000>24000');
  expect(create(8_000, 16_000).name).toBe('speex q7 8000>16000');
  expect(warnings).toEqual([]);
});

test.each(RATE_PAIRS)('from %i to %i Hz an impulse is back within 8 ms', async (fromHz, toHz) => {
  expect(delayMs(await loadResamplers(log), [fromHz, toHz])).toBeLessThanOrEqual(8);
});

test('without WebAssembly the FIR does it all, and the log says so', async () => {
  const create = await loadResamplers(log, () => Promise.reject(new Error('no SIMD here')));
  expect(create(16_000, 8_000).name).toBe('fir 16000>8000');
  expect(warnings).toEqual([
    { message: expect.stringContaining('Speex resampler cannot run'), fields: { error: 'Error: no SIMD here' } },
  ]);
});
