/** An error that went through another thread says the same as before. */
import { expect, test } from '@jest/globals';
import { ERROR_CODES, type ErrorCode, StreamError } from './errors.js';
import { plainError, streamErrorOf } from './plain-error.js';

test.each(Object.keys(ERROR_CODES) as ErrorCode[])('%s keeps code, blame and words', (code) => {
  const error = new StreamError(code, 'receiver', 'ws://a/: it said: no', new Error('below'));
  const back = streamErrorOf(structuredClone(plainError(error)));
  expect(back).toBeInstanceOf(StreamError);
  expect([back.code, back.blame, back.message]).toEqual([error.code, error.blame, error.message]);
});
