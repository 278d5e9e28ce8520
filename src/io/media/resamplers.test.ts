import { expect, test } from '@jest/globals';
import type { Log, LogFields } from '../../core/log.js';
import { loadResamplers } from './resamplers.js';

declare const WebAssembly: unknown;

const warnings: { message: string; fields: LogFields | undefined }[] = [];
const log: Log = {
  error: () => {},
  warn: (message, fields) => warnings.push({ message, fields }),
  info: () => {},
  debug: () => {},
  isDebugEnabled: () => false,
};

test('the SIMD kernel resamples', () => {
  expect(loadResamplers(log)(8_000, 16_000).name).toBe('fir simd 8000>16000');
  expect(warnings).toEqual([]);
});

test('without WebAssembly the plain kernel does it, and the log says so', () => {
  const present = WebAssembly;
  Reflect.deleteProperty(globalThis, 'WebAssembly');
  try {
    expect(loadResamplers(log)(16_000, 8_000).name).toBe('fir 16000>8000');
  } finally {
    Object.assign(globalThis, { WebAssembly: present });
  }
  expect(warnings).toEqual([
    {
      message: expect.stringContaining('WebAssembly with SIMD cannot run'),
      fields: { error: expect.stringContaining('WebAssembly is not defined') },
    },
  ]);
});
