/** What the check says about one thing: whether it is well, and if not, why it matters and the very line to change. */

/** `note` is worth knowing and needs no action; `skipped` could not be looked at, because of another finding. */
export const LEVELS = ['ok', 'note', 'warning', 'error', 'skipped'] as const;
export type Level = (typeof LEVELS)[number];

/** In the order in which they are shown. */
export const AREAS = ['settings', 'machine', 'asterisk', 'audio', 'receiver'] as const;
export type Area = (typeof AREAS)[number];

/** A line to write, and where: a file and its section, `settings`, or `shell`. */
export interface Line {
  readonly where: string;
  readonly text: string;
}

export interface Finding {
  /** Stable, for programs: `asterisk.login`. */
  readonly id: `${Area}.${string}`;
  readonly level: Level;
  /** One sentence, or a few. */
  readonly what: string;
  /** Why it matters, for what is not well. */
  readonly why?: string;
  /** What to change, each line ready to be copied. */
  readonly lines?: readonly Line[];
}

/** Nothing is wrong; notes are nothing wrong. */
export const EXIT_WELL = 0;
/** There are warnings, and no errors. */
export const EXIT_WARNINGS = 1;
/** There are errors; the command line being wrong counts as one, as it does elsewhere. */
export const EXIT_ERRORS = 2;

export function exitCodeFor(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ level }) => level === 'error')) return EXIT_ERRORS;
  return findings.some(({ level }) => level === 'warning') ? EXIT_WARNINGS : EXIT_WELL;
}

export function areaOf({ id }: Finding): Area {
  return AREAS.find((area) => id.startsWith(`${area}.`)) ?? 'settings';
}

export function well(id: Finding['id'], what: string): Finding {
  return { id, level: 'ok', what };
}

export function skipped(id: Finding['id'], what: string): Finding {
  return { id, level: 'skipped', what };
}

/** A line of the settings file: `"media": {"advertise": "192.0.2.1:40000"}`. */
export function settingLine(key: string, value: string | boolean | number): Line {
  const text = key
    .split('.')
    .reverse()
    .reduce((inner, name) => `{${JSON.stringify(name)}: ${inner}}`, JSON.stringify(value));
  return { where: 'settings', text: text.slice(1, -1) };
}

export function shellLine(text: string): Line {
  return { where: 'shell', text };
}
