/** A StreamError as plain data, for where an error's class is lost on the way: between threads. */
import { type Blame, ERROR_CODES, type ErrorCode, StreamError } from './errors.js';

export interface PlainError {
  readonly code: ErrorCode;
  readonly blame: Blame;
  /** The message without the words of its code. */
  readonly detail: string;
}

/** What lies under the error is left behind. */
export function plainError({ code, blame, message }: StreamError): PlainError {
  return { code, blame, detail: message.slice(ERROR_CODES[code].length + 2) };
}

export function streamErrorOf({ code, blame, detail }: PlainError): StreamError {
  return new StreamError(code, blame, detail);
}
