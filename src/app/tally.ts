/** What the program has done and what it does now. Whoever does it tells it here once, at its beginning and its end. */

import type { ErrorCode } from '../core/errors.js';
import { FailureCounts } from '../core/monitoring/failure-counts.js';
import { PACKET_COUNTS, packetCounts } from '../core/monitoring/packet-counts.js';
import { Population } from '../core/monitoring/population.js';
import { RunningTotals } from '../core/monitoring/running-totals.js';
import { NO_TRACES, type TapTraces } from '../core/monitoring/tap-trace.js';
import type { ParticipantStats } from '../core/participant-stats.js';
import { Deliveries } from '../core/relay/deliveries.js';
import type { RelaySession } from '../core/relay/relay-session.js';

/** What has such figures; they are read only when somebody asks. */
interface Figured {
  readonly stats: ParticipantStats;
}

const RELAY_COUNTS = { dropped: 0, unconfirmed: 0, resent: 0, reconnects: 0 };

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
  readonly streams = new RunningTotals<Figured, keyof typeof PACKET_COUNTS>(PACKET_COUNTS, ({ stats }) =>
    packetCounts(stats),
  );
  /** The connections of calls, until all is delivered or given up. */
  readonly sessions = new RunningTotals<RelaySession, keyof typeof RELAY_COUNTS>(
    RELAY_COUNTS,
    ({ outbox, reconnects }) => ({ ...outbox.counts, reconnects }),
  );
  readonly deliveries = new Deliveries();
  /** Requests to Asterisk. */
  readonly requestFailures = new FailureCounts(REQUEST_CODES, 'ARI_REQUEST_FAILED');
  readonly traces: TapTraces;

  constructor(traces: TapTraces = NO_TRACES) {
    this.traces = traces;
  }
}
