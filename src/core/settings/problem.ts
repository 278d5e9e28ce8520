/** What is wrong with one setting, and how all of it is told to a person. */
import { visibleText } from '../visible-text.js';
import { allowedBy } from './setting-value.js';
import { type SettingKey, settingAt } from './settings-table.js';

export interface Problem {
  /** The setting, such as `streaming.sampleRate`; for a stranger what was found in its place. */
  readonly key: string;
  /** Where it was set, such as `file settings.json`, `environment NAME` or `flag --x`; nothing when it is missing. */
  readonly origin: string | undefined;
  /** What is wrong, as the rest of a sentence that begins with the key. */
  readonly wrong: string;
  /** What is allowed or advised. */
  readonly allowed: string | undefined;
  /** The setting that was probably meant by a stranger. */
  readonly meant?: SettingKey | undefined;
}

/** A problem of a setting that the table knows: what is allowed comes from there. */
export function problemOf(key: SettingKey, origin: string | undefined, wrong: string): Problem {
  return { key, origin, wrong, allowed: `allowed: ${allowedBy(settingAt(key))}` };
}

/** The whole list, one problem per line, for a terminal. Control characters of strange keys are made harmless. */
export function describeProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return [count, ...problems.map((problem) => `  ${describeProblem(problem)}`)].join('\n');
}

/** One problem in one line. */
export function describeProblem({ key, origin, wrong, allowed }: Problem): string {
  const place = origin === undefined ? '' : ` (${origin})`;
  const advice = allowed === undefined ? '' : `; ${allowed}`;
  return visibleText(`${key}${place}: ${wrong}${advice}`);
}
