import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { SafeNames } from './safe-names.js';

test('a channel name reads as before, but for its slash', () => {
  expect(new SafeNames('.wav').claim('PJSIP/1009-00000007')).toBe('PJSIP_1009-00000007.wav');
});

test.each([
  ['../../x', '__.._x'],
  ['..', '_'],
  ['.', '_'],
  ['', '_'],
  ['/etc/passwd', '_etc_passwd'],
  ['.hidden', '_hidden'],
  ['-rf', '_rf'],
  ['a\0b\x1b[2J', 'a_b__2J'],
  ['con', '_con'],
  ['NUL.txt', '_NUL.txt'],
  ['C:\\x', 'C__x'],
  ['name.', 'name_'],
])('%j becomes %j', (id, name) => {
  expect(new SafeNames('').claim(id)).toBe(name);
});

test('ids that look alike get names of their own', () => {
  const names = new SafeNames('.wav');
  expect(['a/b', 'a_b', 'A_B', 'a_b-2', 'a?b'].map((id) => names.claim(id))).toEqual([
    'a_b.wav',
    'a_b-2.wav',
    'A_B-3.wav',
    'a_b-2-2.wav',
    'a_b-4.wav',
  ]);
});

test('very long ids that differ only at their end do not share a name', () => {
  const names = new SafeNames('.wav');
  const long = 'x'.repeat(10_000);
  expect(names.claim(`${long}1`)).toBe(`${'x'.repeat(120)}.wav`);
  expect(names.claim(`${long}2`)).toBe(`${'x'.repeat(120)}-2.wav`);
});

test('what stands in the folder is not overwritten', () => {
  expect(new SafeNames('', ['calls.json', '17.1']).claim('17.1')).toBe('17.1-2');
  expect(new SafeNames('', ['calls.json', '17.1']).claim('Calls.JSON')).toBe('Calls.JSON-2');
});

test('any ids give different names of harmless letters', () => {
  const ids = fc.uniqueArray(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[aA./_-]{0,4}$/)));
  void fc.assert(
    fc.property(ids, (all) => {
      const names = new SafeNames('.wav');
      const given = all.map((id) => names.claim(id));
      expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(all.length);
      for (const name of given) expect(name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*\.wav$/);
    }),
  );
});
