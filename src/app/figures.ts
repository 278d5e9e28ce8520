/** One reading of everything that the metrics tell: what was counted all along, summed now. */

import type { Figures } from '../core/monitoring/figures.js';
import type { Population } from '../core/monitoring/population.js';
import type { TimedTransport } from '../io/ari/timed-transport.js';
import { kernelDropsOf } from '../io/media/udp-drops.js';
import type { AsteriskHealth } from './asterisk-health.js';
import type { Media } from './media/media.js';
import type { ReceiverHealth } from './receiver-health.js';
import type { RtpHealth } from './rtp-health.js';
import type { Tally } from './tally.js';

/** What is asked for figures. */
export interface FigureSources {
  readonly tally: Tally;
  readonly media: Media;
  readonly ari: TimedTransport;
  readonly asterisk: AsteriskHealth;
  readonly receiver: ReceiverHealth;
  readonly rtpHealth: Pick<RtpHealth, 'deafTaps'>;
}

const MS_PER_SECOND = 1000;

/** `timerLateMs` is what the pulse says. */
export async function readFigures(sources: FigureSources, version: string, timerLateMs: number): Promise<Figures> {
  const { tally, media, ari, asterisk, receiver, rtpHealth } = sources;
  const receiveBufferOctets = Math.min(...media.sockets.map((socket) => socket.receiveBufferOctets));
  const [drops, counted] = await Promise.all([kernelDropsOf(media.sockets), media.ask({ kind: 'figures' })]);
  return {
    version,
    calls: countOf(tally.calls),
    participants: countOf(tally.participants),
    taps: { ...countOf(tally.taps), failed: tally.tapsFailed, withoutRtp: rtpHealth.deafTaps },
    ...counted,
    rtp: { ...counted.rtp, receiveBufferOctets, kernelDrops: drops },
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
