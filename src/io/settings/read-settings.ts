/** The settings from all their places, in rising order: defaults, the file, what was saved on the page, the environment, flags. */
import { parseHostPort } from '../../core/settings/addresses.js';
import { type Problem, problemOf } from '../../core/settings/problem.js';
import type { SavedVersions } from '../../core/settings/saved-versions.js';
import { readText } from '../../core/settings/setting-value.js';
import type { SettingValues } from '../../core/settings/settings.js';
import { brokenRules } from '../../core/settings/settings-rules.js';
import {
  environmentName,
  flagName,
  SETTING_KEYS,
  type SettingKey,
  settingAt,
} from '../../core/settings/settings-table.js';
import { checkValues, type Layer } from './convict-values.js';
import { type Environment, readEnvironment } from './environment.js';
import { readContents } from './named-files.js';
import { type PageLayer, readPageLayer, stateDirIn } from './page-layer.js';
import { readSettingsFile, readSettingsObject, type SettingsFile } from './settings-file.js';

export interface SettingSources {
  /** The path of the settings file, if there is one. */
  readonly file: string | undefined;
  /** What the file would hold, for a program that has it already; not used when there is a file. */
  readonly values?: object | undefined;
  readonly environment: Environment;
  /** The texts of the flags that were given, by setting. */
  readonly flags: ReadonlyMap<SettingKey, string>;
  /** The folder of what was saved on the page, where it is not the stateDir that the settings name. */
  readonly stateDir?: string | undefined;
  /** What would be saved on the page, in the place of what is. */
  readonly saved?: SavedVersions | undefined;
}

export interface ReadSettings {
  /** Complete, with the content of files in the place of their names. What is wrong is in it as it was given. */
  readonly values: SettingValues;
  /** The same with the names of files. */
  readonly named: SettingValues;
  readonly problems: readonly Problem[];
  /** What is wrong, but can be put right on the page. */
  readonly warnings: readonly Problem[];
  /** The settings whose value is wrong in itself. */
  readonly faulty: ReadonlySet<string>;
  /** What the settings file gives. */
  readonly fromFile: Layer;
  readonly fromPage: PageLayer;
}

const NO_FILE: SettingsFile = { layer: new Map(), problems: [], isReadable: true };

/** Reads and checks everything, right or wrong. */
export function readSettings(sources: SettingSources): ReadSettings {
  const { file, environment, flags } = sources;
  const given = sources.values === undefined ? NO_FILE : readSettingsObject(sources.values, undefined);
  const fromFile = file === undefined ? given : readSettingsFile(file);
  const fromEnvironment = readEnvironment(environment);
  const fromFlags = flagLayer(flags);
  const originAbove = (key: SettingKey): string | undefined => {
    if (fromFlags.has(key)) return `flag ${flagName(key)}`;
    return fromEnvironment.layer.has(key) ? `environment ${environmentName(key)}` : undefined;
  };
  const stateDir = sources.stateDir ?? stateDirIn([fromFlags, fromEnvironment.layer, fromFile.layer], environment);
  const fromPage = readPageLayer(stateDir, sources.saved, originAbove);
  const originOf = (key: SettingKey): string | undefined => {
    const above = originAbove(key);
    if (above !== undefined) return above;
    if (fromPage.layer.has(key)) return `saved on the page, ${fromPage.path}`;
    return file !== undefined && fromFile.layer.has(key) ? `file ${file}` : undefined;
  };

  const checked = checkValues([fromFile.layer, fromPage.layer, fromEnvironment.layer, fromFlags]);
  const contents = readContents(checked.values, checked.faults, originOf);
  const warnings: Problem[] = [];
  const problems = [
    ...fromFile.problems,
    ...fromPage.problems,
    ...fromEnvironment.problems,
    ...SETTING_KEYS.flatMap((key) => {
      const fault = checked.faults.get(key);
      return fault === undefined ? [] : [problemOf(key, originOf(key), fault)];
    }),
    ...contents.problems,
  ];
  if (fromFile.isReadable && fromPage.problems.length === 0) {
    // What was misspelt is not missing, and what is wrong in itself need not be told of twice.
    const told = new Set<string>(problems.flatMap(({ key, meant }) => [key, meant ?? key]));
    const untold = brokenRules(checked.values, originOf).filter(({ joins }) => !joins.some((key) => told.has(key)));
    for (const { problem, joins, onPage } of untold) {
      const isForPage =
        onPage === 'always' || (onPage === 'when-saved' && joins.some((key) => fromPage.layer.has(key)));
      (isForPage && isPageOn(checked.values) ? warnings : problems).push(problem);
    }
  }
  const faulty = new Set<string>([...checked.faults.keys(), ...contents.problems.map(({ key }) => key)]);
  return {
    values: contents.values,
    named: checked.values,
    problems,
    warnings,
    faulty,
    fromFile: fromFile.layer,
    fromPage,
  };
}

/** What the page is for need not be there before the page is. */
function isPageOn(values: SettingValues): boolean {
  return parseHostPort(String(values['web.listen'])) !== undefined;
}

function flagLayer(flags: ReadonlyMap<SettingKey, string>): Layer {
  const given = [...flags].filter(([, text]) => text !== '');
  return new Map(given.map(([key, text]) => [key, readText(settingAt(key), text)]));
}
