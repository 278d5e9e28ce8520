/** Every error this program can report, once: its code, and the words that docs/errors.md explains. */

export type Blame = 'settings' | 'asterisk' | 'receiver' | 'machine' | 'us';

export const ERROR_CODES = {
  SETTINGS_INVALID: 'The settings are not valid',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An error with a code, whose fault it is, and what lies under it. */
export class StreamError extends Error {
  override readonly name = 'StreamError';
  readonly code: ErrorCode;
  readonly blame: Blame;

  constructor(code: ErrorCode, blame: Blame, detail: string, cause?: unknown) {
    super(`${ERROR_CODES[code]}: ${detail}`, { cause });
    this.code = code;
    this.blame = blame;
  }
}
