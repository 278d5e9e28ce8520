/** Settings for tests: all defaults, but for what is given. */
import { type Settings, type SettingValues, settingsFrom } from '../src/core/settings/settings.js';
import { SETTING_KEYS, settingAt } from '../src/core/settings/settings-table.js';

const DEFAULTS = Object.fromEntries(
  SETTING_KEYS.map((key) => {
    const setting = settingAt(key);
    return [key, 'fallback' in setting ? setting.fallback : undefined];
  }),
) as unknown as SettingValues;

export function settingsWith(changes: Partial<SettingValues> = {}): Settings {
  return settingsFrom({ ...DEFAULTS, 'asterisk.password': 'hunter2', ...changes }, { defaultStateDir: '/state' });
}
