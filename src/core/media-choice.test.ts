import { expect, test } from '@jest/globals';
import { formatToAskFor } from './media-choice.js';

test.each([
  ['(ulaw)', 'slin'],
  ['(ulaw|alaw|gsm|g729)', 'slin'],
  ['(g722)', 'slin16'],
  ['(g722|slin16)', 'slin16'],
  ['(slin12)', 'slin12'],
  ['(slin44)', 'slin44'],
  ['(speex32)', 'slin32'],
  ['(opus)', 'slin48'],
  ['ulaw', 'slin'],
])('auto asks for the own rate of a channel of %s: %s', (nativeFormats, asked) => {
  expect(formatToAskFor('auto', nativeFormats, 24000)).toBe(asked);
});

test.each(['(ulaw|alaw|g722|opus|slin16)', '(nothing)', '', undefined])(
  'auto asks for the wanted rate while the channel could be of any: %s',
  (nativeFormats) => {
    expect(formatToAskFor('auto', nativeFormats, 8000)).toBe('slin');
    expect(formatToAskFor('auto', nativeFormats, 16000)).toBe('slin16');
    expect(formatToAskFor('auto', nativeFormats, 24000)).toBe('slin24');
  },
);

test('a rate that Asterisk has no linear format for is asked for as telephone audio', () => {
  expect(formatToAskFor('auto', '(slin96)', 8000)).toBe('slin');
});

test('a format that the settings name is asked for whatever the channel has', () => {
  expect(formatToAskFor('ulaw', '(slin16)', 16000)).toBe('ulaw');
});
