/** What was sent held against what came: the delay of each fragment, and what is missing. */
import { type Spread, spreadOf } from '../statistics.js';
import type { SentPackets } from './senders-words.js';
import type { ReceivedFragments } from './sinks-words.js';

export interface Window {
  /** On the shared clock, in ms. */
  readonly from: number;
  readonly to: number;
}

export interface Arrivals {
  /** From the sending of a fragment's last packet to its receipt, in ms, of those received within the window. */
  readonly delayMs: Spread;
  readonly fragments: number;
  /** Fragments that should have come, from first to last packet of the run, and did not. */
  readonly missing: number;
  /** Fragments that came before their last packet was sent: they are not what they are taken for. */
  readonly impossible: number;
}

/** `completedBy` is the last packet of each fragment. */
export function arrivals(
  sent: Pick<SentPackets, 'capacity' | 'times' | 'counts'>,
  received: Pick<ReceivedFragments, 'capacity' | 'times' | 'counts'>,
  completedBy: readonly number[],
  { from, to }: Window,
): Arrivals {
  const delays: number[] = [];
  let fragments = 0;
  let missing = 0;
  let impossible = 0;
  for (const [party, packets] of sent.counts.entries()) {
    const count = received.counts[party] ?? 0;
    fragments += count;
    missing += Math.max(0, dueBy(completedBy, packets) - count);
    for (let fragment = 0; fragment < count; fragment++) {
      const at = received.times[party * received.capacity + fragment] ?? 0;
      if (at < from || at >= to) continue;
      const delay = at - (sent.times[party * sent.capacity + (completedBy[fragment] ?? 0)] ?? 0);
      if (delay < 0) impossible += 1;
      delays.push(delay);
    }
  }
  return { delayMs: spreadOf(delays), fragments, missing, impossible };
}

/** How many fragments so many packets complete. */
function dueBy(completedBy: readonly number[], packets: number): number {
  let count = 0;
  while (count < completedBy.length && (completedBy[count] ?? 0) < packets) count += 1;
  return count;
}
