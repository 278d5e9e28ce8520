/** The figures of several media planes as those of one. */

import type { HistogramReading } from '../histogram.js';
import type { MediaFigures } from './media-figures.js';

/** Of at least one. */
export function joinedMediaFigures(figures: readonly MediaFigures[]): MediaFigures {
  return figures.reduce((one, other) => ({
    packets: summed(one.packets, other.packets),
    jitterMs: Math.max(one.jitterMs, other.jitterMs),
    sent: {
      ...summed({ ...one.sent, delay: 0 }, { ...other.sent, delay: 0 }),
      delay: joinedHistogram(one.sent.delay, other.sent.delay),
    },
    queue: {
      ...summed(one.queue, other.queue),
      oldestSeconds: Math.max(one.queue.oldestSeconds, other.queue.oldestSeconds),
    },
    connections: summed(one.connections, other.connections),
    rtp: summed(one.rtp, other.rtp),
  }));
}

function summed<Key extends string>(
  one: Readonly<Record<Key, number>>,
  other: Readonly<Record<Key, number>>,
): Record<Key, number> {
  const keys = Object.keys(one) as Key[];
  return Object.fromEntries(keys.map((key) => [key, one[key] + other[key]])) as Record<Key, number>;
}

/** Of the same ranges. */
function joinedHistogram(one: HistogramReading, other: HistogramReading): HistogramReading {
  const counts = one.counts.map((count, index) => count + (other.counts[index] ?? 0));
  return { bounds: one.bounds, counts, sum: one.sum + other.sum };
}
