/** Settings for tests: all defaults, but for what is given. */
import type { SavedKey } from '../src/core/settings/saved-values.js';
import { type SavedVersions, savedValues } from '../src/core/settings/saved-versions.js';
import { type Settings, type SettingValues, settingsFrom } from '../src/core/settings/settings.js';
import { SETTING_KEYS, settingAt } from '../src/core/settings/settings-table.js';
import type { GoodSettings } from '../src/io/settings/load-settings.js';

const DEFAULTS = Object.fromEntries(
  SETTING_KEYS.map((key) => {
    const setting = settingAt(key);
    return [key, 'fallback' in setting ? setting.fallback : undefined];
  }),
) as unknown as SettingValues;

export function settingsWith(changes: Partial<SettingValues> = {}): Settings {
  return settingsFrom({ ...DEFAULTS, 'asterisk.password': 'hunter2', ...changes }, { defaultStateDir: '/state' });
}

/** The same as it comes from reading them: what was saved on the page lies over what is given. */
export function loadedWith(
  changes: Partial<SettingValues> = {},
  saved: SavedVersions = [],
  locked: ReadonlyMap<SavedKey, string> = new Map(),
): GoodSettings {
  const fromPage = Object.fromEntries(
    Object.entries(savedValues(saved)).map(([key, value]) => [key, value ?? undefined]),
  );
  const values = { ...DEFAULTS, 'asterisk.password': 'hunter2', ...changes, ...fromPage } as SettingValues;
  return {
    settings: settingsFrom(values, { defaultStateDir: '/state' }),
    warnings: [],
    forPage: { values, saved, locked, overridden: [] },
  };
}
