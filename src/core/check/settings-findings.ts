/** The problems of the settings as findings. */

import type { Problem } from '../settings/problem.js';
import { describeProblem } from '../settings/problem.js';
import { type Finding, type Line, well } from './finding.js';

export interface SettingsProblems {
  readonly problems: readonly Problem[];
  /** Those with which the program starts all the same, since they can be put right on its page. */
  readonly warnings: readonly Problem[];
}

export function settingsFindings({ problems, warnings }: SettingsProblems, file: string | undefined): Finding[] {
  if (problems.length + warnings.length === 0)
    return [well('settings.valid', `The settings are valid${file === undefined ? '' : `: ${file}`}.`)];
  return [
    ...problems.map((problem) => findingOf(problem, 'error', WHY_ERROR, file)),
    ...warnings.map((problem) => findingOf(problem, 'warning', WHY_WARNING, file)),
  ];
}

const WHY_ERROR =
  'Nothing is started while a setting is wrong. What could be checked without it was, with defaults in its place.';
const WHY_WARNING = 'No call is streamed before it is put right, here or on the settings page (web.listen).';

function findingOf(problem: Problem, level: 'error' | 'warning', why: string, file: string | undefined): Finding {
  const what = `${describeProblem({ ...problem, allowed: undefined })}.`;
  return { id: 'settings.valid', level, what, why, lines: [lineFor(problem, file)] };
}

function lineFor({ key, origin, allowed, meant }: Problem, file: string | undefined): Line {
  const where = origin ?? (file === undefined ? 'settings' : `file ${file}`);
  return { where, text: `${meant ?? key}: ${allowed ?? 'correct it'}` };
}
