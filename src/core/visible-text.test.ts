import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { visibleText } from './visible-text.js';

test.each([
  ['Jürgen 🎧 "+49 30"', 'Jürgen 🎧 "+49 30"'],
  ['\u001b[2J', '\\u001b[2J'],
  ['a\r\nb', 'a\\u000d\\u000ab'],
  ['\u009b', '\\u009b'],
  ['\u202eevil\u2028', '\\u202eevil\\u2028'],
  ['\ud800', '\\ud800'],
  ['\u{e0001}', '\\udb40\\udc01'],
])('%j', (text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

test('keeps JSON the same JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(JSON.parse(visibleText(JSON.stringify(text)))).toBe(text);
    }),
  );
});
