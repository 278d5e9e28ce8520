/** What every part may say to the log. Fields carry ids (`callid`, `channel`), counts and durations; never secrets. */

export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** Ask before building fields on a busy path: a disabled level is not free. */
  isDebugEnabled(): boolean;
}
