/** Finds the name that was probably meant: "did you mean …?". */

/** With more slips it is another word, not this one misspelt. */
const MAX_SLIPS = 3;
const LETTERS_PER_SLIP = 3;

/** Of the candidates the one that is nearest to what was written, if any is near enough to be a slip of the pen. */
export function similarName(written: string, candidates: readonly string[]): string | undefined {
  const name = written.toLowerCase();
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    const limit = Math.min(MAX_SLIPS, Math.floor(Math.max(name.length, other.length) / LETTERS_PER_SLIP));
    if (Math.abs(name.length - other.length) > limit) continue;
    const distance = editDistance(name, other);
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** How many letters must be changed, added, left out or swapped with their neighbour (optimal string alignment). */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwap ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length] ?? 0;
}
