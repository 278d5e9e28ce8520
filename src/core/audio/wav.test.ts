import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseWav, WAV_HEADER_BYTES, wavHeader } from './wav.js';

function wavOf(samples: Int16Array, sampleRate = 8000, claimedBytes = 2 * samples.length): Uint8Array {
  const file = new Uint8Array(WAV_HEADER_BYTES + 2 * samples.length);
  file.set(wavHeader(sampleRate, claimedBytes));
  const view = new DataView(file.buffer, WAV_HEADER_BYTES);
  samples.forEach((sample, index) => {
    view.setInt16(2 * index, sample, true);
  });
  return file;
}

test('the header is that of the drawing', () => {
  expect(Buffer.from(wavHeader(8000, 1280)).toString('latin1')).toBe(
    'RIFF\x24\x05\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\x05\0\0',
  );
});

test('what is written is read back, sample for sample', () => {
  void fc.assert(
    fc.property(fc.int16Array(), fc.constantFrom(8000, 16000, 24000, 48000), (samples, sampleRate) => {
      expect(parseWav(wavOf(samples, sampleRate))).toEqual({ sampleRate, samples });
    }),
  );
});

test('a header older than its data gives what it claims, one ahead of it what is there', () => {
  const samples = Int16Array.of(1, -2, 3);
  expect(parseWav(wavOf(samples, 8000, 4))).toEqual({ sampleRate: 8000, samples: Int16Array.of(1, -2) });
  expect(parseWav(wavOf(samples, 8000, 4000))).toEqual({ sampleRate: 8000, samples });
});

test('chunks that are not ours are skipped, also of odd length', () => {
  const plain = wavOf(Int16Array.of(7, 8));
  const note = Uint8Array.from([...Buffer.from('LIST'), 3, 0, 0, 0, 1, 2, 3, 0]);
  const file = Uint8Array.from([...plain.subarray(0, 36), ...note, ...plain.subarray(36)]);
  expect(parseWav(file)).toEqual({ sampleRate: 8000, samples: Int16Array.of(7, 8) });
});

test('what is no 16-bit mono WAV is named', () => {
  const change = (at: number, value: number): Uint8Array => {
    const file = wavOf(Int16Array.of(1));
    file[at] = value;
    return file;
  };
  expect(parseWav(new Uint8Array(3))).toBe('too-short');
  expect(parseWav(change(0, 0))).toBe('not-riff');
  expect(parseWav(change(20, 3))).toBe('not-16-bit-mono');
  expect(parseWav(change(22, 2))).toBe('not-16-bit-mono');
  expect(parseWav(change(34, 8))).toBe('not-16-bit-mono');
  expect(parseWav(change(36, 0))).toBe('no-data');
  expect(parseWav(change(12, 0))).toBe('no-format');
  expect(parseWav(wavHeader(8000, 0).subarray(0, 30))).toBe('too-short');
});

test('a file cut anywhere, with any byte changed, is never a crash', () => {
  const whole = wavOf(Int16Array.of(1, 2, 3));
  for (let length = 0; length <= whole.length; length++) {
    for (let at = 0; at < length; at++) {
      const file = whole.slice(0, length);
      file[at] = 0xff;
      expect(() => parseWav(file)).not.toThrow();
    }
  }
});
