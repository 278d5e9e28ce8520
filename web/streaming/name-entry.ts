/** What may be written into the list of a subscription, and what it means: a name, a pattern such as `_10XX`, or `*`. */

const MEANINGS: Readonly<Record<string, string>> = {
  X: 'a digit',
  Z: 'a digit from 1 to 9',
  N: 'a digit from 2 to 9',
  '.': 'one character or more',
  '!': 'anything, or nothing',
};

const MAX_CHARACTERS = 255;
/** So many parts can still be read as words. */
const MAX_EXPLAINED = 8;

export type EntryKind = 'all' | 'pattern' | 'name';

export function kindOf(entry: string): EntryKind {
  if (entry === '*') return 'all';
  return entry.startsWith('_') ? 'pattern' : 'name';
}

/** What is wrong with it, or nothing. */
export function entryProblem(entry: string): string | undefined {
  if (entry === '') return 'Enter a name, a pattern, or * for all.';
  if (entry.length > MAX_CHARACTERS) return `At most ${MAX_CHARACTERS} characters.`;
  if (/\s/.test(entry)) return 'No spaces, please. Add several names one after the other, or with commas between them.';
  if (entry === '_') return 'After _ comes what is to match, such as _10XX.';
  if (kindOf(entry) === 'pattern') return bracketProblem(entry);
  return undefined;
}

function bracketProblem(pattern: string): string | undefined {
  const rest = pattern.replace(/\[[^[\]]+\]/g, '');
  if (/\[\]/.test(rest)) return 'Nothing stands between [ and ], so it would match nothing.';
  return /[[\]]/.test(rest) ? 'A [ has no ] that belongs to it, or the other way round.' : undefined;
}

/** The pattern in words, for whoever does not know Asterisk's way of writing it. */
export function meaningOf(entry: string): string | undefined {
  const kind = kindOf(entry);
  if (kind === 'all') return 'All of them, also those that are added later.';
  if (kind === 'name' || entryProblem(entry) !== undefined) return undefined;
  const parts = runsOf(entry.slice(1).match(/\[[^\]]*\]|./g) ?? []);
  if (parts.length > MAX_EXPLAINED) return undefined;
  return `Matches ${parts.map(inWords).join(', then ')}.`;
}

interface Run {
  readonly part: string;
  readonly times: number;
}

/** `10XX` is 10, then two digits: neighbours that mean the same are told as one. */
function runsOf(parts: readonly string[]): Run[] {
  const runs: Run[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    const isLiteral = meaning(part) === undefined;
    if (last !== undefined && isLiteral && meaning(last.part) === undefined) {
      runs[runs.length - 1] = { part: last.part + part, times: 1 };
    } else if (last !== undefined && last.part === part.toUpperCase()) {
      runs[runs.length - 1] = { part: last.part, times: last.times + 1 };
    } else {
      runs.push({ part: isLiteral || part.startsWith('[') ? part : part.toUpperCase(), times: 1 });
    }
  }
  return runs;
}

function meaning(part: string): string | undefined {
  if (part.startsWith('[')) return `one of ${membersOf(part.slice(1, -1))}`;
  return part.length === 1 ? MEANINGS[part.toUpperCase()] : undefined;
}

/** `13-5` is 1, 3 to 5. */
function membersOf(set: string): string {
  return (set.match(/.-.|./g) ?? []).map((member) => member.replace(/^(.)-(.)$/, '$1 to $2')).join(', ');
}

function inWords({ part, times }: Run): string {
  const words = meaning(part);
  if (words === undefined) return part;
  if (times === 1) return words;
  return words.startsWith('a digit') ? `${times} digits${words.slice('a digit'.length)}` : `${times} × ${words}`;
}

/** Several at once: separated by commas, semicolons or spaces, as they come out of a spreadsheet. */
export function entriesIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((entry) => entry !== ''))];
}
