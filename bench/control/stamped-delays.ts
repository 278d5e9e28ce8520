/** The delay of each fragment whose first samples tell which packet they are of: calls may then begin at any time. */
import type { Window } from '../media/delays.js';
import { fragmentMs, PACKET_MS, pathNamed } from '../media/path.js';
import type { SentPackets } from '../media/senders-words.js';
import type { ReceivedFragments } from '../media/sinks-words.js';
import { type Spread, spreadOf } from '../statistics.js';

const PER_FRAGMENT = fragmentMs(pathNamed('8-8')) / PACKET_MS;

/** From the sending of a fragment's last packet to its receipt, in ms, of the first participants, within the window. */
export function stampedDelays(
  sent: Pick<SentPackets, 'capacity' | 'times'>,
  received: Pick<ReceivedFragments, 'capacity' | 'times' | 'stamps' | 'counts'>,
  participants: number,
  { from, to }: Window,
): Spread {
  const delays: number[] = [];
  for (let party = 0; party < participants; party++) {
    for (let fragment = 0; fragment < (received.counts[party] ?? 0); fragment++) {
      const at = party * received.capacity + fragment;
      const [cameAt, first] = [received.times[at] ?? 0, received.stamps[at] ?? -1];
      if (first < 0 || cameAt < from || cameAt >= to) continue;
      delays.push(cameAt - (sent.times[party * sent.capacity + first + PER_FRAGMENT - 1] ?? 0));
    }
  }
  return spreadOf(delays);
}
