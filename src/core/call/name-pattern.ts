/**
 * Names and numbers as an administrator writes them in a dialplan: exact, as an Asterisk pattern (`_10XX`), or `*` for all.
 *
 * A pattern begins with `_`. In it X is a digit, Z one of 1 to 9, N one of 2 to 9, `[13-5]` one of those listed,
 * `.` one character or more and `!` any number of them. All else stands for itself.
 * https://docs.asterisk.org/Configuration/Dialplan/Pattern-Matching/
 */

export type NameMatcher = (name: string) => boolean;

const SYMBOLS: Readonly<Record<string, string>> = { X: '[0-9]', Z: '[1-9]', N: '[2-9]', '.': '.+', '!': '.*' };

/** Makes one matcher of a list: a name matches when any entry does. */
export function matcherOf(entries: readonly string[]): NameMatcher {
  if (entries.includes('*')) return () => true;
  const exact = new Set(entries.filter((entry) => !entry.startsWith('_')));
  const patterns = entries.filter((entry) => entry.startsWith('_')).map(toRegExp);
  return (name) => exact.has(name) || patterns.some((pattern) => pattern.test(name));
}

/** Makes one matcher of names in which `*` stands for anything, as contexts are given. */
export function globMatcher(globs: readonly string[]): NameMatcher {
  const patterns = globs.map((glob) => new RegExp(`^${glob.split('*').map(escaped).join('.*')}$`, 's'));
  return (name) => patterns.some((pattern) => pattern.test(name));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function toRegExp(entry: string): RegExp {
  const parts = entry.slice(1).match(/\[[^\]]*\]|./gs) ?? [];
  return new RegExp(`^${parts.map(toSource).join('')}$`, 's');
}

function toSource(part: string): string {
  // An empty set of brackets matches nothing, in Asterisk as here.
  if (part.length > 1) return part === '[]' ? '[]' : `[${part.slice(1, -1).replace(/[\\\]^]/g, '\\$&')}]`;
  return SYMBOLS[part.toUpperCase()] ?? escaped(part);
}
