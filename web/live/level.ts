/** Where a level stands on a meter. */

/** Below this a telephone is silent, in dBFS. */
export const FLOOR_DB = -60;

/** From 0 for silence to 1 for full scale. */
export function portionOf(db: number): number {
  if (!Number.isFinite(db)) return 0;
  return Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
}

/** For a screen reader, in steps of 5 dB: finer ones would only be noise. */
export function levelInWords(db: number): string {
  return db <= FLOOR_DB || !Number.isFinite(db) ? 'silent' : `${Math.round(db / 5) * 5} dBFS`;
}
