import { expect, test } from '@jest/globals';
import { MEDIA_FORMATS, payloadFormat, slinFor } from './payload-format.js';

test.each([
  [0, 'pcmu', 8000, 8000],
  [8, 'pcma', 8000, 8000],
  [10, 'l16', 8000, 8000],
  [107, 'opus', 48000, 48000],
  [118, 'l16', 16000, 16000],
  [122, 'l16', 12000, 12000],
  [123, 'l16', 24000, 24000],
  [124, 'l16', 32000, 32000],
  [125, 'l16', 44100, 44100],
  [126, 'l16', 48000, 48000],
])('type %i is %s at %i Hz, its clock %i Hz', (payloadType, codec, sampleRate, clockRate) => {
  expect(payloadFormat(payloadType)).toEqual({ codec, sampleRate, clockRate });
});

test('no other type is known', () => {
  const known = Array.from({ length: 128 }, (_, type) => type).filter((type) => payloadFormat(type) !== undefined);
  expect(known).toEqual([0, 8, 10, 107, 118, 122, 123, 124, 125, 126]);
});

test('linear audio has a name at the rates of Asterisk, and at no other', () => {
  expect([8000, 12000, 16000, 24000, 32000, 44100, 48000, 96000].map(slinFor)).toEqual([
    ...['slin', 'slin12', 'slin16', 'slin24', 'slin32', 'slin44', 'slin48'],
    undefined,
  ]);
});

test('every linear format that may be asked for has a payload type', () => {
  const rates = Array.from({ length: 128 }, (_, type) => payloadFormat(type)?.sampleRate ?? 0);
  const names = rates.map(slinFor);
  for (const format of MEDIA_FORMATS) if (format.startsWith('slin')) expect(names).toContain(format);
});
