/**
 * The log, by winston: lines for people or for machines into one stream. When nobody reads that stream, lines are dropped
 * and counted: a log must neither stop the audio nor fill the memory.
 */
import type { Writable } from 'node:stream';
import { createLogger, format, transports } from 'winston';
import type { Log, LogFields } from '../core/log.js';
import { jsonLine, textLine } from './log-line.js';
import type { LogTail } from './log-tail.js';

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: 'text' | 'json';
  readonly output: Writable;
  /** The wall clock, when it is not the machine's. */
  readonly now?: () => Date;
  /** Where the end of the log is kept as well. */
  readonly tail?: LogTail;
}

const RANK = { error: 0, warn: 1, info: 2, debug: 3 } as const;

export type LogLevel = keyof typeof RANK;

/** A log whose level may change while it is in use. */
export interface AdjustableLog extends Log {
  setLevel(level: LogLevel): void;
}

/** How much may wait for whoever reads the log. */
const MAX_WAITING_OCTETS = 4 * 1024 * 1024;
const NO_FIELDS: LogFields = {};

/** Opens a log. Of a level that is not wanted nothing reaches winston, where even a line that is dropped costs 2 µs. */
export function createLog({ level, format: form, output, now = () => new Date(), tail }: LogOptions): AdjustableLog {
  let wanted: number = RANK[level];
  let dropped = 0;
  const render = form === 'json' ? jsonLine : textLine;
  const logger = createLogger({
    // What is not wanted never gets there.
    level: 'debug',
    levels: RANK,
    format: format.printf((info) => String(info.message)),
    transports: [new transports.Stream({ stream: output, eol: '\n' })],
  });

  // The line goes in whole: winston would add a field named `message` to the message, and keep `level` for itself.
  const write = (lineLevel: LogLevel, message: string, fields: LogFields) => {
    const line = { time: now(), level: lineLevel, message, fields };
    tail?.add(line);
    logger.log({ level: lineLevel, message: render(line) });
  };

  const logAt =
    (lineLevel: LogLevel) =>
    (message: string, fields: LogFields = NO_FIELDS): void => {
      if (RANK[lineLevel] > wanted) return;
      if (output.writableLength > MAX_WAITING_OCTETS) {
        dropped += 1;
        return;
      }
      if (dropped > 0) write('warn', 'nobody read the log for a while: lines are missing here', { lines: dropped });
      dropped = 0;
      write(lineLevel, message, fields);
    };

  return {
    error: logAt('error'),
    warn: logAt('warn'),
    info: logAt('info'),
    debug: logAt('debug'),
    isDebugEnabled: () => RANK.debug <= wanted,
    setLevel(next) {
      wanted = RANK[next];
    },
  };
}
