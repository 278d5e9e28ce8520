/** The settings for saying what is wrong with them: all that could be read, right or wrong. */
import type { Problem } from '../../core/settings/problem.js';
import { type Settings, type SettingValues, settingsFrom } from '../../core/settings/settings.js';
import { SETTING_KEYS, type SettingKey, settingAt } from '../../core/settings/settings-table.js';
import { defaultStateDir } from '../../core/settings/state-dir.js';
import { checkValues } from './convict-values.js';
import { readSettings, type SettingSources } from './read-settings.js';

export interface InspectedSettings {
  readonly problems: readonly Problem[];
  /** What is wrong, but can be put right on the page of the running program. */
  readonly warnings: readonly Problem[];
  /** With the default in the place of each value that is wrong; a password or address that is missing stays empty. */
  readonly settings: Settings;
  /** The files that hold secrets, and which: the settings file and those that settings name. */
  readonly secretFiles: readonly { readonly path: string; readonly holds: readonly SettingKey[] }[];
}

/** Reads everything, and makes the best of what is wrong. Not for running with. */
export function inspectSettings(sources: SettingSources): InspectedSettings {
  const { file, environment } = sources;
  const { problems, warnings, values, named: paths, faulty, fromFile } = readSettings(sources);
  const defaults = checkValues([]).values;
  const usable = Object.fromEntries(
    SETTING_KEYS.map((key) => [key, faulty.has(key) ? defaults[key] : values[key]]),
  ) as unknown as SettingValues;
  const complete = { ...usable, 'asterisk.password': usable['asterisk.password'] ?? '' };
  const secrets = SETTING_KEYS.filter((key) => isSecret(key) && fromFile.has(key));
  const named = SETTING_KEYS.flatMap((key) => {
    const [setting, path] = [settingAt(key), paths[key]];
    if (setting.kind !== 'path' || setting.content === undefined || setting.content === 'certificates') return [];
    return typeof path === 'string'
      ? [{ path, holds: [setting.content === 'private-key' ? key : setting.content] }]
      : [];
  });
  return {
    problems,
    warnings,
    settings: settingsFrom(complete, { defaultStateDir: defaultStateDir(environment) }),
    secretFiles: [...(file === undefined || secrets.length === 0 ? [] : [{ path: file, holds: secrets }]), ...named],
  };
}

function isSecret(key: SettingKey): boolean {
  const setting = settingAt(key);
  return setting.kind === 'text' && setting.isSecret === true;
}
