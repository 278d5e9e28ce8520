/** Whether the events of Asterisk reach us, since when, and what has kept them away. */

import type { ErrorCode, StreamError } from '../core/errors.js';
import { FailureCounts } from '../core/monitoring/failure-counts.js';

const CODES = [
  'ARI_REFUSED',
  'ARI_UNREACHABLE',
  'ARI_TIMEOUT',
  'ARI_TLS',
  'ARI_CONNECTION_LOST',
  'ARI_WRONG_PASSWORD',
  'ARI_FORBIDDEN',
  'ARI_NOT_THERE',
  'ARI_NOT_ARI',
  'ARI_REQUEST_FAILED',
  'NO_FILE_DESCRIPTORS',
  'NO_SOCKET_MEMORY',
] as const satisfies ErrorCode[];

export class AsteriskHealth {
  readonly failures = new FailureCounts(CODES, 'ARI_REQUEST_FAILED');
  /** How often the link came about. */
  links = 0;
  /** The version of the Asterisk that we are linked to. */
  version: string | undefined;
  /** Why there is no link; undefined while there is one, and before the first try has ended. */
  problem: StreamError | undefined;
  /** Since when there is a link, or none. */
  since = new Date();

  get isLinked(): boolean {
    return this.version !== undefined;
  }

  linked(version: string): void {
    this.links += 1;
    this.version = version;
    this.problem = undefined;
    this.since = new Date();
  }

  /** A link broke, or one that was tried did not come about. */
  failed(problem: StreamError): void {
    this.failures.add(problem);
    if (this.isLinked) this.since = new Date();
    this.version = undefined;
    this.problem = problem;
  }
}
