/** Says once in the log what is wrong with Asterisk and what to do about it, then reminds of it now and then. */

import { ARI_ADVICE } from '../core/ari-advice.js';
import type { ErrorCode, StreamError } from '../core/errors.js';
import type { Log } from '../core/log.js';

/** The same trouble is repeated in the log only this often. */
const REMIND_EVERY_MS = 60_000;

export class AriTrouble {
  readonly #log: Log;
  #code: ErrorCode | undefined;
  #saidAt = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  report({ code, message }: StreamError): void {
    const now = performance.now();
    if (code === this.#code && now - this.#saidAt < REMIND_EVERY_MS) {
      this.#log.debug(message, { code });
      return;
    }
    const sentences = [
      `${message}.`,
      ...(ARI_ADVICE[code] === undefined ? [] : [ARI_ADVICE[code]]),
      'Trying again until it works.',
    ];
    this.#log.warn(sentences.join(' '), { code });
    this.#code = code;
    this.#saidAt = now;
  }

  over(): void {
    this.#code = undefined;
  }
}
