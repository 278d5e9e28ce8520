/** What is known of the receiver. The log says each kind of trouble once, not once a call and attempt, and when it is over. */

import type { ErrorCode, StreamError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { FailureCounts } from '../core/monitoring/failure-counts.js';
import { RECEIVER_ADVICE } from '../core/receiver-advice.js';

const CODES = [
  'RECEIVER_REFUSED',
  'RECEIVER_UNREACHABLE',
  'RECEIVER_TIMEOUT',
  'RECEIVER_CERTIFICATE',
  'RECEIVER_CERTIFICATE_EXPIRED',
  'RECEIVER_CERTIFICATE_NAME',
  'RECEIVER_WANTS_CERTIFICATE',
  'RECEIVER_TLS',
  'RECEIVER_TLS_VERSION',
  'RECEIVER_WRONG_SECRET',
  'RECEIVER_REJECTED',
  'RECEIVER_CONNECTION_LOST',
  'NO_FILE_DESCRIPTORS',
  'NO_SOCKET_MEMORY',
] as const satisfies ErrorCode[];

export class ReceiverHealth {
  readonly failures = new FailureCounts(CODES, 'RECEIVER_CONNECTION_LOST');
  /** What failed last, while nothing has worked after it. */
  trouble: StreamError | undefined;
  /** Since when it has been there, or away; undefined until the first connection has been tried. */
  since: Date | undefined;
  readonly #log: Log;
  #inRow = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  failed(problem: StreamError, callid: string): void {
    this.failures.add(problem);
    this.#inRow += 1;
    const isKnown = this.trouble?.code === problem.code;
    if (this.trouble === undefined) this.since = new Date();
    this.trouble = problem;
    if (isKnown) this.#log.debug(problem.message, { code: problem.code, callid });
    else {
      const advice = RECEIVER_ADVICE[problem.code];
      const message = `${problem.message}; audio is kept and the connection tried again`;
      this.#log.warn(advice === undefined ? message : `${message}. ${advice}`, { code: problem.code, callid });
    }
  }

  connected(url: string, callid: string): void {
    if (this.trouble !== undefined) this.#log.info('the receiver is back', { url, callid, failures: this.#inRow });
    if (this.trouble !== undefined || this.since === undefined) this.since = new Date();
    this.trouble = undefined;
    this.#inRow = 0;
  }
}
