import { expect, test } from '@jest/globals';
import { StreamError } from './errors.js';
import { exitCodeOf, failureText } from './failure.js';

test('an error of ours is told with its code and where it is explained, without a stack', () => {
  const error = new StreamError('SETTINGS_INVALID', 'settings', 'two\nlines \u001b', new Error('cause'));
  expect(failureText(error, false)).toBe(
    'SETTINGS_INVALID: The settings are not valid: two\nlines \\u001b\nSee docs/errors.md#settings_invalid',
  );
  expect(exitCodeOf(error)).toBe(2);
});

test('anything else is unexpected', () => {
  expect(failureText(new TypeError('x is undefined'), false)).toBe(
    'UNEXPECTED: x is undefined\nSee docs/errors.md#unexpected',
  );
  expect(failureText('thrown text', false)).toMatch(/^UNEXPECTED: thrown text\n/);
  expect(exitCodeOf(new TypeError('x'))).toBe(1);
});

test('the stacks come when asked for, also of what lies under it', () => {
  const error = new StreamError('UNEXPECTED', 'us', 'outer', new Error('inner'));
  expect(failureText(error, true)).toMatch(/\nStreamError: .*outer\n {4}at (?:.*\n)+Error: inner\n {4}at /);
  const circle = new Error('again');
  circle.cause = circle;
  expect(failureText(circle, true).match(/Error: again/g)).toHaveLength(5);
});
