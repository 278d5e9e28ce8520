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
import { readSettingsFile, readSettingsObject, type SettingsFile } from './settings-file.js';

export interface SettingSources {
  /** The path of the settings file, if there is one. */
  readonly file: string | undefined;
  /** What the file would hold, for a program that has it already; not used when there is a file. */
  readonly values?: object | undefined;
  readonly environment: Environment;
  /** The texts of the flags that were given, by setting. */
  readonly flags: ReadonlyMap<SettingKey, string>;
}

/** All that could be read of the settings, right or wrong. */
export interface InspectedSettings {
  readonly problems: readonly Problem[];
  /** With the default in the place of each value that is wrong; a password or address that is missing stays empty. */
  readonly settings: Settings;
  /** The files that hold secrets, and which: the settings file and those that settings name. */
  readonly secretFiles: readonly { readonly path: string; readonly holds: readonly SettingKey[] }[];
}

export type LoadedSettings = { readonly settings: Settings } | { readonly problems: readonly Problem[] };

const NO_FILE: SettingsFile = { layer: new Map(), problems: [], isReadable: true };

/** Reads and checks everything; returns the settings, or all that is wrong with them. */
export function loadSettings(sources: SettingSources): LoadedSettings {
  const { problems, values } = readAll(sources);
  if (problems.length > 0) return { problems };
  return { settings: settingsFrom(values, { defaultStateDir: defaultStateDir(sources.environment) }) };
}

/** Reads everything, and makes the best of what is wrong. Not for running with: only for saying what is wrong. */
export function inspectSettings(sources: SettingSources): InspectedSettings {
  const { file, environment } = sources;
  const { problems, values, faulty, inFile } = readAll(sources);
  const defaults = checkValues([]).values;
  const usable = Object.fromEntries(
    SETTING_KEYS.map((key) => [key, faulty.has(key) ? defaults[key] : values[key]]),
  ) as unknown as SettingValues;
  const complete = { ...usable, 'asterisk.password': usable['asterisk.password'] ?? '' };
  const secrets = SETTING_KEYS.filter((key) => isSecret(key) && inFile.has(key));
  const named = SETTING_KEYS.flatMap((key) => {
    const [setting, path] = [settingAt(key), values[key]];
    if (setting.kind !== 'path' || setting.content === undefined || setting.content === 'certificates') return [];
    return typeof path === 'string' ? [{ path, holds: [setting.content] }] : [];
  });
  return {
    problems,
    settings: settingsFrom(complete, { defaultStateDir: defaultStateDir(environment) }),
    secretFiles: [...(file === undefined || secrets.length === 0 ? [] : [{ path: file, holds: secrets }]), ...named],
  };
}

interface ReadSettings {
  readonly problems: readonly Problem[];
  readonly values: SettingValues;
  /** The settings whose value is wrong. */
  readonly faulty: ReadonlySet<string>;
  /** The settings that the settings file gives. */
  readonly inFile: ReadonlySet<SettingKey>;
}

function readAll({ file, values, environment, flags }: SettingSources): ReadSettings {
  const given = values === undefined ? NO_FILE : readSettingsObject(values, undefined);
  const fromFile = file === undefined ? given : readSettingsFile(file);
  const fromEnvironment = readEnvironment(environment);
  const fromFlags = flagLayer(flags);
  const originOf = (key: SettingKey): string | undefined => {
    if (fromFlags.has(key)) return `flag ${flagName(key)}`;
    if (fromEnvironment.layer.has(key)) return `environment ${environmentName(key)}`;
    return file !== undefined && fromFile.layer.has(key) ? `file ${file}` : undefined;
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
  const faulty = new Set<string>([...checked.faults.keys(), ...contents.problems.map(({ key }) => key)]);
  return { problems, values: contents.values, faulty, inFile: new Set(fromFile.layer.keys()) };
}

function isSecret(key: SettingKey): boolean {
  const setting = settingAt(key);
  return setting.kind === 'text' && setting.isSecret === true;
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
