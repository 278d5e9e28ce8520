/** The settings from all their places, in rising order: defaults, the file, what was saved on the page, the environment, flags. */
import { parseHostPort } from '../../core/settings/addresses.js';
import { type Problem, problemOf } from '../../core/settings/problem.js';
import { SAVED_KEYS, type SavedKey } from '../../core/settings/saved-values.js';
import type { SavedVersions } from '../../core/settings/saved-versions.js';
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
import { readCertificateFile, readKeyFile, readSecretFile } from './file-content.js';
import { readPageLayer, stateDirIn } from './page-layer.js';
import { readSettingsFile, type SettingsFile } from './settings-file.js';

export interface SettingSources {
  /** The path of the settings file, if there is one. */
  readonly file: string | undefined;
  readonly environment: Environment;
  /** The texts of the flags that were given, by setting. */
  readonly flags: ReadonlyMap<SettingKey, string>;
  /** The folder of what was saved on the page, where it is not the stateDir that the settings name. */
  readonly stateDir?: string | undefined;
  /** What would be saved on the page, in the place of what is. */
  readonly saved?: SavedVersions | undefined;
}

export interface GoodSettings {
  readonly settings: Settings;
  /** What is wrong, but can be put right on the page. */
  readonly warnings: readonly Problem[];
  readonly forPage: PageSettings;
}

/** What the page shows beside the settings: where they come from. */
export interface PageSettings {
  /** Complete; secrets that a file holds are in their place. */
  readonly values: SettingValues;
  readonly saved: SavedVersions;
  /** What cannot be saved, since a variable or a flag decides it; with the name of that. */
  readonly locked: ReadonlyMap<SavedKey, string>;
  /** What both the settings file and the page give: the page's holds. */
  readonly overridden: readonly SavedKey[];
}

export type LoadedSettings = GoodSettings | { readonly problems: readonly Problem[] };

const NO_FILE: SettingsFile = { layer: new Map(), problems: [], isReadable: true };

/** Reads and checks everything; returns the settings, or all that is wrong with them. */
export function loadSettings(sources: SettingSources): LoadedSettings {
  const { file, environment, flags } = sources;
  const fromFile = file === undefined ? NO_FILE : readSettingsFile(file);
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
    return fromFile.layer.has(key) ? `file ${file}` : undefined;
  };

  const checked = checkValues([fromFile.layer, fromPage.layer, fromEnvironment.layer, fromFlags]);
  const contents = readContents(checked.values, checked.faults, originOf);
  const problems = [
    ...fromFile.problems,
    ...fromEnvironment.problems,
    ...fromPage.problems,
    ...SETTING_KEYS.flatMap((key) => {
      const fault = checked.faults.get(key);
      return fault === undefined ? [] : [problemOf(key, originOf(key), fault)];
    }),
    ...contents.problems,
  ];
  const warnings: Problem[] = [];
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
  if (problems.length > 0) return { problems };
  return {
    settings: settingsFrom(contents.values, { defaultStateDir: defaultStateDir(environment) }),
    warnings,
    forPage: {
      values: contents.values,
      saved: fromPage.versions,
      locked: fromPage.locked,
      overridden: SAVED_KEYS.filter((key) => fromPage.layer.has(key) && fromFile.layer.has(key)),
    },
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
    const isOwn = setting.content === 'certificates' || setting.content === 'private-key';
    const target = isOwn ? key : setting.content;
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
  if (content === 'private-key') return readKeyFile(path);
  if (values[content] !== undefined) return { wrong: `is given, and ${content} too: only one of the two may be` };
  const file = readSecretFile(path);
  if (!('text' in file)) return file;
  const fault = faultIn(settingAt(content), file.text);
  return fault === undefined ? file : { wrong: `names a file whose content ${fault}: ${path}` };
}
