/** Made-up calls for the stand-in of the portal: as many running ones as wanted, and some that were. */
import type { CallRecord, RunningCall, TimelineParticipant } from '../src/io/web/contract/calls.js';

const NOW = Date.now();
const at = (milliseconds: number): string => new Date(NOW + milliseconds).toISOString();
const FLOWS = ['', 'queue', '', 'ivr', 'ringgroup', '', 'conference', ''] as const;
const OUTSIDE = ['030 5550142', '089 5550117', '+44 20 7946 0018', '0221 5550163', '0711 5550199'];

/** Two participants each, but for conferences, which have four. */
export function madeUpRunning(count: number): RunningCall[] {
  return Array.from({ length: count }, (_, index) => {
    const callflow = FLOWS[index % FLOWS.length] ?? '';
    const parties = callflow === 'conference' && count < 50 ? 4 : 2;
    const begunAt = at(-(index * 47 + 12) * 1000);
    return {
      callid: `17559400${String(index).padStart(2, '0')}.${index + 1}`,
      callflow,
      begunAt,
      isStreamed: index !== 5,
      participants: Array.from({ length: index === 5 ? 0 : parties }, (_, place) => {
        const isTrunk = place === 1 && index % 3 !== 1;
        const number = isTrunk ? (OUTSIDE[index % OUTSIDE.length] ?? '') : String(1001 + index * 2 + place);
        const serial = (index * 4 + place + 1).toString(16).padStart(8, '0');
        return {
          channelid: `PJSIP/${isTrunk ? 'provider-a' : number}-${serial}`,
          number,
          role: isTrunk ? ('trunk' as const) : ('extension' as const),
          begunAt,
          isPaused: index === 3 && place === 0,
        };
      }),
    };
  });
}

export function madeUpRecent(count: number): CallRecord[] {
  return Array.from({ length: count }, (_, index) => recentCall(index));
}

function recentCall(index: number): CallRecord {
  const lengthMs = index === 0 ? 372_000 : 20_000 + ((index * 73_313) % 900_000);
  const begin = -lengthMs - (index * 1_140_000 + 60_000);
  const when = (portion: number): string => at(begin + portion * lengthMs);
  const flows = index % 3 === 0 ? (['ivr', 'queue', ''] as const) : ([''] as const);
  const participant = (place: number, from: number, to: number, number: string): TimelineParticipant => ({
    channelid: `PJSIP/${place === 0 ? 'provider-a' : number}-${(index * 4 + place).toString(16).padStart(8, '0')}`,
    number,
    begunAt: when(from),
    endedAt: when(to),
    movedTo: null,
    figures: {
      fragments: Math.round(((to - from) * lengthMs) / 40),
      lostMs: index % 4 === 0 && place === 0 ? 1240 : 0,
      pausedMs: index === 0 && place === 1 ? 31_000 : 0,
      packets: Math.round(((to - from) * lengthMs) / 20),
      jitterMs: 1 + (index % 5),
    },
    gaps: [
      ...(index % 4 === 0 && place === 0 ? [{ at: when(0.31), milliseconds: 1240, why: 'lost' as const }] : []),
      ...(index === 0 && place === 1 ? [{ at: when(0.7), milliseconds: 31_000, why: 'paused' as const }] : []),
    ],
  });
  const outside = OUTSIDE[index % OUTSIDE.length] ?? '';
  const participants = [
    participant(0, 0, 1, outside),
    participant(1, index % 3 === 0 ? 0.28 : 0, 0.97, String(1001 + index)),
  ];
  if (index === 0) participants.push(participant(2, 0.55, 0.9, '1007'));
  return {
    callid: `175593${String(9000 - index)}.${index + 3}`,
    begunAt: when(0),
    endedAt: when(1),
    callflows: flows.map((callflow, step) => ({ at: when([0, 0.1, 0.28][step] ?? 0), callflow })),
    participants,
    delivery: { reconnects: index === 4 ? 1 : 0, resent: index === 4 ? 12 : 0, dropped: 0, unconfirmed: 0 },
  };
}
