/** What the media plane has done and what it does now, and one reading of it. */

import type { ConnectionState } from '../../core/monitoring/figures.js';
import type { MediaFigures } from '../../core/monitoring/media-figures.js';
import { PACKET_COUNTS, packetCounts } from '../../core/monitoring/packet-counts.js';
import { RunningTotals } from '../../core/monitoring/running-totals.js';
import type { ParticipantStats } from '../../core/participant-stats.js';
import { Deliveries } from '../../core/relay/deliveries.js';
import type { RelaySession } from '../../core/relay/relay-session.js';
import { monotonicMs } from '../drive.js';

/** What has such figures; they are read only when somebody asks. */
interface Figured {
  readonly stats: ParticipantStats;
}

const RELAY_COUNTS = { dropped: 0, unconfirmed: 0, resent: 0, reconnects: 0 };
const MS_PER_SECOND = 1000;

export class MediaTally {
  readonly streams = new RunningTotals<Figured, keyof typeof PACKET_COUNTS>(PACKET_COUNTS, ({ stats }) =>
    packetCounts(stats),
  );
  /** The connections of calls, until all is delivered or given up. */
  readonly sessions = new RunningTotals<RelaySession, keyof typeof RELAY_COUNTS>(
    RELAY_COUNTS,
    ({ outbox, reconnects }) => ({ ...outbox.counts, reconnects }),
  );
  readonly deliveries = new Deliveries();

  /** All of it now, beside what the socket has counted, as plain data. */
  figures({ received, strangers, afterEnd }: MediaFigures['rtp']): MediaFigures {
    const { dropped, unconfirmed, resent, reconnects } = this.sessions.sums;
    const { messages, fragments, octets, delay } = this.deliveries;
    const sessions = [...this.sessions.present];
    return {
      packets: this.streams.sums,
      jitterMs: [...this.streams.present].reduce((most, { stats }) => Math.max(most, stats.jitterMs), 0),
      sent: {
        messages,
        fragments,
        octets,
        delay: { bounds: delay.bounds, counts: [...delay.counts], sum: delay.sum },
        resent,
        dropped,
        unconfirmed,
        reconnects,
      },
      queue: queueOf(sessions),
      connections: connectionsOf(sessions),
      rtp: { received, strangers, afterEnd },
    };
  }
}

function queueOf(sessions: readonly RelaySession[]): MediaFigures['queue'] {
  const now = monotonicMs();
  const oldest = sessions.reduce((least, { outbox }) => Math.min(least, outbox.oldestPushedAt ?? now), now);
  return {
    waiting: sessions.reduce((sum, { outbox }) => sum + outbox.unsent, 0),
    unconfirmed: sessions.reduce((sum, { outbox }) => sum + outbox.unconfirmed, 0),
    oldestSeconds: (now - oldest) / MS_PER_SECOND,
  };
}

function connectionsOf(sessions: readonly RelaySession[]): Record<ConnectionState, number> {
  const counts = { idle: 0, connecting: 0, open: 0, waiting: 0, closing: 0 };
  for (const { state } of sessions) if (state !== 'over') counts[state] += 1;
  return counts;
}
