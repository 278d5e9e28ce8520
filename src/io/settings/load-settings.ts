/** The settings from all their places, in rising order: defaults, the file, the environment, flags. */
import { type Problem, problemOf } from '../../core/settings/problem.js';
import type { PathSetting } from '../../core/settings/setting.js';
import { faultIn, readText } from '../../core/settings/setting-value.js';
import { type Settings, type SettingValues, settingsFrom } from '../../core/settings/settings.js';
import { brokenRules } from '../../core/settings/settings-rules.js';
import {
  environmentName,
  flagName,
  SETTING_KEYS,
  type SettingKey,
  settingAt,
} from '../../core/settings/settings-table.js';
import { defaultStateDir } from '../../core/settings/state-dir.js';
import { checkValues, type Layer } from './convict-values.js';
import { type Environment, readEnvironment } from './environment.js';
import { readCertificateFile, readSecretFile } from './file-content.js';
import { readSettingsFile, type SettingsFile } from './settings-file.js';

export interface SettingSources {
  /** The path of the settings file, if there is one. */
  readonly file: string | undefined;
  readonly environment: Environment;
  /** The texts of the flags that were given, by setting. */
  readonly flags: ReadonlyMap<SettingKey, string>;
}

export type LoadedSettings = { readonly settings: Settings } | { readonly problems: readonly Problem[] };

const NO_FILE: SettingsFile = { layer: new Map(), problems: [], isReadable: true };

/** Reads and checks everything; returns the settings, or all that is wrong with them. */
export function loadSettings({ file, environment, flags }: SettingSources): LoadedSettings {
  const fromFile = file === undefined ? NO_FILE : readSettingsFile(file);
  const fromEnvironment = readEnvironment(environment);
  const fromFlags = flagLayer(flags);
  const originOf = (key: SettingKey): string | undefined => {
    if (fromFlags.has(key)) return `flag ${flagName(key)}`;
    if (fromEnvironment.layer.has(key)) return `environment ${environmentName(key)}`;
    return fromFile.layer.has(key) ? `file ${file}` : undefined;
  };

  const checked = checkValues([fromFile.layer, fromEnvironment.layer, fromFlags]);
  const contents = readContents(checked.values, checked.faults, originOf);
  const problems = [
    ...fromFile.problems,
    ...fromEnvironment.problems,
    ...SETTING_KEYS.flatMap((key) => {
      const fault = checked.faults.get(key);
      return fault === undefined ? [] : [problemOf(key, originOf(key), fault)];
    }),
    ...contents.problems,
  ];
  if (fromFile.isReadable) {
    // What was misspelt is not missing, and what is wrong in itself need not be told of twice.
    const told = new Set<string>(problems.flatMap(({ key, meant }) => [key, meant ?? key]));
    const untold = brokenRules(checked.values, originOf).filter(({ joins }) => !joins.some((key) => told.has(key)));
    problems.push(...untold.map(({ problem }) => problem));
  }
  if (problems.length > 0) return { problems };
  return { settings: settingsFrom(contents.values, { defaultStateDir: defaultStateDir(environment) }) };
}

function flagLayer(flags: ReadonlyMap<SettingKey, string>): Layer {
  const given = [...flags].filter(([, text]) => text !== '');
  return new Map(given.map(([key, text]) => [key, readText(settingAt(key), text)]));
}

/** Puts the content of files in the place of their paths, and into the settings that they are the content of. */
function readContents(
  values: SettingValues,
  faults: ReadonlyMap<SettingKey, string>,
  originOf: (key: SettingKey) => string | undefined,
): { values: SettingValues; problems: Problem[] } {
  const found: Partial<Record<SettingKey, string>> = {};
  const problems: Problem[] = [];
  for (const key of SETTING_KEYS) {
    const path = values[key];
    const setting = settingAt(key);
    if (setting.kind !== 'path' || setting.content === undefined || typeof path !== 'string' || faults.has(key))
      continue;
    const target = setting.content === 'certificates' ? key : setting.content;
    const content = readContent(setting, path, values);
    if ('text' in content) found[target] = content.text;
    else problems.push(problemOf(key, originOf(key), content.wrong));
  }
  // Only settings that are texts can be found in files.
  return { values: { ...values, ...found } as SettingValues, problems };
}

function readContent(
  { content }: PathSetting,
  path: string,
  values: SettingValues,
): { text: string } | { wrong: string } {
  if (content === undefined || content === 'certificates') return readCertificateFile(path);
  if (values[content] !== undefined) return { wrong: `is given, and ${content} too: only one of the two may be` };
  const file = readSecretFile(path);
  if (!('text' in file)) return file;
  const fault = faultIn(settingAt(content), file.text);
  return fault === undefined ? file : { wrong: `names a file whose content ${fault}: ${path}` };
}
