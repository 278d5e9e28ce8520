/** What the control side has done and what it does now. Whoever does it tells it here once, at its beginning and its end. */

import type { ErrorCode } from '../core/errors.js';
import { FailureCounts } from '../core/monitoring/failure-counts.js';
import { Population } from '../core/monitoring/population.js';
import { NO_TRACES, type TapTraces } from '../core/monitoring/tap-trace.js';

const REQUEST_CODES = [
  'ARI_REFUSED',
  'ARI_UNREACHABLE',
  'ARI_TIMEOUT',
  'ARI_TLS',
  'ARI_CONNECTION_LOST',
  'ARI_WRONG_PASSWORD',
  'ARI_FORBIDDEN',
  'ARI_NOT_ARI',
  'ARI_REQUEST_FAILED',
  'NO_FILE_DESCRIPTORS',
  'NO_SOCKET_MEMORY',
] as const satisfies ErrorCode[];

export class Tally {
  readonly calls = new Population<object>();
  /** Those whose audio goes to a receiver. */
  readonly participants = new Population<object>();
  /** By their numbers. */
  readonly taps = new Population<number>();
  /** Taps that ended before they were released, while their channel lived. */
  tapsFailed = 0;
  /** Requests to Asterisk. */
  readonly requestFailures = new FailureCounts(REQUEST_CODES, 'ARI_REQUEST_FAILED');
  readonly traces: TapTraces;

  constructor(traces: TapTraces = NO_TRACES) {
    this.traces = traces;
  }
}
