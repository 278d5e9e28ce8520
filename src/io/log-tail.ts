/** The end of the log, kept in memory for those who look at it on the page. */
import type { LogFields } from '../core/log.js';
import { jsonLine, type LogLine } from './log-line.js';

export interface KeptLine {
  /** Counts all lines since the start, from 1. */
  readonly serial: number;
  readonly time: string;
  readonly level: string;
  readonly message: string;
  /** Masked as in the log itself. */
  readonly fields: LogFields;
}

export const LINES_KEPT = 1000;

/** The audit trail is for administrators, and has a view of its own. */
const AUDIT = 'audit';

export class LogTail {
  readonly #lines: { readonly serial: number; readonly json: string }[] = [];
  #serial = 0;

  add(line: LogLine): void {
    if (line.message === AUDIT) return;
    this.#serial += 1;
    this.#lines.push({ serial: this.#serial, json: jsonLine(forThePage(line)) });
    if (this.#lines.length > LINES_KEPT) this.#lines.shift();
  }

  /** The newest lines after this serial number, at most `limit` of them, the oldest first. */
  after(serial: number, limit: number): KeptLine[] {
    const newer = this.#lines.filter((line) => line.serial > serial);
    return newer.slice(Math.max(0, newer.length - limit)).map(({ serial, json }) => {
      const { time, level, message, ...fields } = JSON.parse(json) as KeptLine & LogFields;
      return { serial, time, level, message, fields };
    });
  }
}

/** Who may read the log itself may become administrator by the set-up code; who may only look at the page may not. */
function forThePage(line: LogLine): LogLine {
  return 'setupCode' in line.fields ? { ...line, fields: { ...line.fields, setupCode: '(see the log)' } } : line;
}
