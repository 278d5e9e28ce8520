/** One reading of everything that the metrics tell: what was counted all along, summed now. */

import type { ConnectionState, Figures } from '../core/monitoring/figures.js';
import type { Population } from '../core/monitoring/population.js';
import type { RelaySession } from '../core/relay/relay-session.js';
import type { TimedTransport } from '../io/ari/timed-transport.js';
import type { RtpSocket } from '../io/media/rtp-socket.js';
import { kernelDrops } from '../io/media/udp-drops.js';
import type { AsteriskHealth } from './asterisk-health.js';
import { monotonicMs } from './drive.js';
import type { ReceiverHealth } from './receiver-health.js';
import type { RtpHealth } from './rtp-health.js';
import type { Tally } from './tally.js';

/** What is asked for figures. */
export interface FigureSources {
  readonly tally: Tally;
  readonly rtp: RtpSocket;
  readonly ari: TimedTransport;
  readonly asterisk: AsteriskHealth;
  readonly receiver: ReceiverHealth;
  readonly rtpHealth: Pick<RtpHealth, 'deafTaps'>;
}

const MS_PER_SECOND = 1000;

/** `timerLateMs` is what the pulse says. */
export async function readFigures(sources: FigureSources, version: string, timerLateMs: number): Promise<Figures> {
  const { tally, rtp, ari, asterisk, receiver, rtpHealth } = sources;
  const drops = await kernelDrops(rtp.host, rtp.port);
  const { dropped, unconfirmed, resent, reconnects } = tally.sessions.sums;
  const { messages, fragments, octets, delay } = tally.deliveries;
  const sessions = [...tally.sessions.present];
  return {
    version,
    calls: countOf(tally.calls),
    participants: countOf(tally.participants),
    taps: { ...countOf(tally.taps), failed: tally.tapsFailed, withoutRtp: rtpHealth.deafTaps },
    packets: tally.streams.sums,
    rtp: { ...rtp.counts, receiveBufferOctets: rtp.receiveBufferOctets, kernelDrops: drops },
    jitterMs: Math.max(0, ...[...tally.streams.present].map(({ stats }) => stats.jitterMs)),
    sent: { messages, fragments, octets, delay, resent, dropped, unconfirmed, reconnects },
    queue: queueOf(sessions),
    connections: connectionsOf(sessions),
    receiver: { isAway: receiver.trouble !== undefined, failures: receiver.failures.counts },
    ari: {
      isLinked: asterisk.isLinked,
      links: asterisk.links,
      failures: asterisk.failures.counts,
      requestFailures: tally.requestFailures.counts,
      durations: ari.durations,
    },
    timerLateSeconds: timerLateMs / MS_PER_SECOND,
  };
}

function countOf({ present, total }: Pick<Population<unknown>, 'present' | 'total'>): { now: number; total: number } {
  return { now: present.size, total };
}

function queueOf(sessions: readonly RelaySession[]): Figures['queue'] {
  const now = monotonicMs();
  const oldest = Math.min(now, ...sessions.map(({ outbox }) => outbox.oldestPushedAt ?? now));
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
