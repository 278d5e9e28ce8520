/** What the log says of the receiver: each kind of trouble once, not once a call and attempt, and when it is over. */

import type { StreamError } from '../core/errors.js';
import type { Log } from '../core/log.js';

export class ReceiverHealth {
  readonly #log: Log;
  #trouble: string | undefined;
  #failures = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  failed(problem: StreamError, callid: string): void {
    this.#failures += 1;
    if (this.#trouble === problem.code) {
      this.#log.debug(problem.message, { code: problem.code, callid });
      return;
    }
    this.#trouble = problem.code;
    this.#log.warn(`${problem.message}; audio is kept and the connection tried again`, { code: problem.code, callid });
  }

  connected(url: string, callid: string): void {
    if (this.#trouble !== undefined) {
      this.#log.info('the receiver is back', { url, callid, failures: this.#failures });
    }
    this.#trouble = undefined;
    this.#failures = 0;
  }
}
