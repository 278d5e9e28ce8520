/** What became of the RTP packets of a participant, in the words of the metrics. */
import type { ParticipantStats } from '../participant-stats.js';

export const PACKET_COUNTS = {
  fragments: 0,
  /** Never seen in time. */
  lost: 0,
  malformed: 0,
  unknownPayload: 0,
  undecodable: 0,
  stray: 0,
  late: 0,
  duplicate: 0,
  reordered: 0,
};

export type PacketCount = keyof typeof PACKET_COUNTS;

export function packetCounts(stats: ParticipantStats): Readonly<Record<PacketCount, number>> {
  const { fragments, lost, unknownPayload, stray, late, duplicate, reordered } = stats;
  const malformed = sumOf(stats.malformed);
  const undecodable = sumOf(stats.undecodable);
  return { fragments, lost, malformed, unknownPayload, undecodable, stray, late, duplicate, reordered };
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
