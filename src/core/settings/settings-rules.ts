/** The rules that join several settings: what is required when, and what excludes what. */
import { isUnspecified, parseHostPort } from './addresses.js';
import { type Problem, problemOf } from './problem.js';
import type { SettingValues } from './settings.js';
import { environmentName, flagName, type SettingKey } from './settings-table.js';

/** Every rule that these values break. Values that are wrong in themselves may be among them: no rule minds. */
export function brokenRules(values: SettingValues): Problem[] {
  const problems: Problem[] = [];
  if (values['asterisk.password'] === undefined && values['asterisk.passwordFile'] === undefined) {
    problems.push(missing('asterisk.password', 'is missing (asterisk.passwordFile would do as well)'));
  }
  if (values['streaming.enable'] === true && values['streaming.serverAddress'] === undefined) {
    problems.push(missing('streaming.serverAddress', 'is missing, and streaming.enable is true'));
  }
  const listen = values['media.listen'];
  const host = typeof listen === 'string' ? parseHostPort(listen)?.host : undefined;
  if (host !== undefined && isUnspecified(host) && values['media.advertise'] === undefined) {
    problems.push(missing('media.advertise', `is missing, and media.listen is ${listen}, to which nobody can send`));
  }
  return problems;
}

/** A problem of a setting that was not given: says also how it can be. */
function missing(key: SettingKey, wrong: string): Problem {
  const problem = problemOf(key, undefined, wrong);
  return {
    ...problem,
    allowed: `${problem.allowed} (set it in the file, as ${flagName(key)} or ${environmentName(key)})`,
  };
}
