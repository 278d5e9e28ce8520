/** What of ours there is in Asterisk, tap by tap: an id is `aas~APPLICATION~RUN~TAP~PIECE`. */
import type { Lab } from '../../../lab/lab.js';

export interface TapsInAsterisk {
  readonly ids: readonly string[];
  /** Runs of the program that have something there. */
  readonly runs: readonly string[];
  /** Taps of which some pieces are there, and some are not. */
  readonly unfinished: number;
}

const PIECES_OF_A_TAP = 3;

export async function tapsInAsterisk({ pbxAri }: Lab, application = 'ari-audio-stream'): Promise<TapsInAsterisk> {
  const channels = await pbxAri.request<{ id: string }[]>('GET', 'channels');
  const bridges = await pbxAri.request<{ id: string }[]>('GET', 'bridges');
  const ids = [...channels, ...bridges].map(({ id }) => id).filter((id) => id.startsWith(`aas~${application}~`));
  const pieces = new Map<string, number>();
  for (const id of ids) {
    const tap = id.slice(0, id.lastIndexOf('~'));
    pieces.set(tap, (pieces.get(tap) ?? 0) + 1);
  }
  const runs = [...new Set(ids.map((id) => id.split('~')[2] ?? ''))];
  return { ids, runs, unfinished: [...pieces.values()].filter((count) => count < PIECES_OF_A_TAP).length };
}
