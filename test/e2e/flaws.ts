/** What the add-on itself has lost, filled in or refused of the audio, by its own count. */
import type { LogLine } from './add-on.js';

const COUNTS = ['lost', 'late', 'duplicate', 'stray', 'resyncs', 'unknownPayload'];
const COUNTS_BY_REASON = ['malformed', 'undecodable', 'silenceSamples'];

/** Such as `PJSIP/1001-00000001 lost: 3`; nothing when every packet came and was used. Needs log.level debug. */
export function flawsIn(lines: readonly LogLine[]): string[] {
  return lines
    .filter(({ message }) => message === 'figures of the participant')
    .flatMap((figures) => {
      const byReason = COUNTS_BY_REASON.flatMap((name) => Object.entries(figures[name] as Record<string, number>));
      const plain = COUNTS.map((name): [string, unknown] => [name, figures[name]]);
      return [...plain, ...byReason]
        .filter(([, count]) => count !== 0)
        .map(([name, count]) => `${figures.channel} ${name}: ${count}`);
    });
}
