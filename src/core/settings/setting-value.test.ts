import { describe, expect, test } from '@jest/globals';
import { faultIn, readText } from './setting-value.js';
import { settingAt } from './settings-table.js';

const GROUPS = settingAt('calls.extensionGroups');

describe('lists by name in a variable or flag', () => {
  test.each([
    [
      'sales=1001|_20XX,support=1005',
      [
        ['sales', ['1001', '_20XX']],
        ['support', ['1005']],
      ],
    ],
    [
      ' sales = 1001 | 1002 , b=* ',
      [
        ['sales', ['1001', '1002']],
        ['b', ['*']],
      ],
    ],
    ['nobody=', [['nobody', []]]],
    ['a=1=2', [['a', ['1=2']]]],
    ['__proto__=1', [['__proto__', ['1']]]],
  ])('%j', (text, pairs) => {
    const value = readText(GROUPS, text);
    expect(value).toEqual(pairs);
    expect(faultIn(GROUPS, value)).toBeUndefined();
  });

  test.each([
    ['sales', '"sales" has no list: write NAME=ITEM|ITEM'],
    ['=1001', '"" is empty'],
    ['a=1,', '"" is empty, "" has no list: write NAME=ITEM|ITEM'],
    ['a=1||2', '"a" item 2 is empty'],
    ['a=1,b=2,a=3', '"a" is there twice'],
    ['*=1', '"*" is *, which stands for all groups'],
    ['a|b=1', '"a|b" holds one of , = | or a control character'],
    ['a=_[1', '"a" item 1 is not a pattern that Asterisk knows'],
  ])('%j: %s', (text, fault) => {
    expect(faultIn(GROUPS, readText(GROUPS, text))).toBe(fault);
  });
});

test.each([
  [[['a', '1001']], '"a" is text, not a list'],
  [[['a', ['1', 2]]], '"a" item 2 is a number, not text'],
  [[['a\n', [' ']]], expect.stringMatching(/^"a\\n" holds .*, "a\\n" item 1 holds /)],
  ['a=1', 'is text, not lists by name'],
])('%j is refused', (value, fault) => {
  expect(faultIn(GROUPS, value)).toEqual(fault);
});
