/** The problems of the settings as findings. */

import type { Problem } from '../settings/problem.js';
import { describeProblem } from '../settings/problem.js';
import { type Finding, type Line, well } from './finding.js';

export function settingsFindings(problems: readonly Problem[], file: string | undefined): Finding[] {
  if (problems.length === 0)
    return [well('settings.valid', `The settings are valid${file === undefined ? '' : `: ${file}`}.`)];
  return problems.map((problem) => ({
    id: 'settings.valid',
    level: 'error',
    what: `${describeProblem({ ...problem, allowed: undefined })}.`,
    why: 'Nothing is started while a setting is wrong. What could be checked without it was, with defaults in its place.',
    lines: [lineFor(problem, file)],
  }));
}

function lineFor({ key, origin, allowed, meant }: Problem, file: string | undefined): Line {
  const where = origin ?? (file === undefined ? 'settings' : `file ${file}`);
  return { where, text: `${meant ?? key}: ${allowed ?? 'correct it'}` };
}
