/** DID numbers, which every provider writes in a way of its own. */

/**
 * A number without separators, `+` and leading zeros: `+1 (202) 555-0101`, `0012025550101` and `12025550101` are one number
 * then. Patterns keep their letters and signs.
 */
export function normalisedDid(number: string): string {
  const isPattern = number.startsWith('_');
  const bare = number.slice(isPattern ? 1 : 0);
  // In a pattern a dot and square brackets have a meaning; nobody separates digits by them there.
  const compact = bare.replace(isPattern ? /[\s()/-](?![^[]*\])/g : /[\s()./-]/g, '');
  const normalised = compact.replace(/^\+?0*/, '');
  return isPattern ? `_${normalised}` : normalised;
}

/** What the dialplan calls the number dialled, when it is one: a dialled leg begins at `s`, a failed one at `i`. */
export function didIn(exten: string): string | undefined {
  return /^\+?[\d\s()./-]+$/.test(exten) ? normalisedDid(exten) : undefined;
}
