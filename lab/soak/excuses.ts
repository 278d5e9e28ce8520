/** What was broken when: which faults a call lived through, and what these excuse. */
import { type FaultKind, faultTraits } from './fault-kinds.js';

/** Unix times in ms; without an end while it lasts. */
export interface StruckFault {
  readonly kind: FaultKind;
  readonly begunAt: number;
  endedAt: number | undefined;
}

/** What may be excused: harm to the phones' call itself, or audio that is missing in the streams without a count. */
export type Excused = 'phones' | 'streams';

/** From when on a fault is felt, in ms: what arrives late when it begins. */
const BEFORE_MS = 500;
/** How long a fault is felt after it was mended, in ms, beside what its kind needs to settle. */
const AFTER_MS = 1_000;

/** The kinds of faults that were felt between the two times and excuse this. */
export function excusesFor(
  what: Excused,
  faults: readonly StruckFault[],
  fromAt: number,
  toAt: number,
): readonly FaultKind[] {
  const felt = faults.filter(({ kind, begunAt, endedAt }) => {
    const { harmsPhones, harmsStreams, settlesMs } = faultTraits(kind);
    const excuses = what === 'phones' ? harmsPhones : harmsStreams;
    const until = endedAt === undefined ? Number.POSITIVE_INFINITY : endedAt + settlesMs + AFTER_MS;
    return excuses === true && begunAt - BEFORE_MS <= toAt && until >= fromAt;
  });
  return felt.map(({ kind }) => kind);
}
