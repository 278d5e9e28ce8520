/** What becomes of settings that are read while the program runs: which of them changed, and which of them may hold. */
import type { Settings } from './settings.js';
import { SETTING_KEYS, type SettingKey } from './settings-table.js';

/** The keys whose values differ, in the table's order; a file's path does not count, but its content does. */
export function changedKeys(old: Settings, fresh: Settings): SettingKey[] {
  return SETTING_KEYS.filter((key) => JSON.stringify(valueAt(old, key)) !== JSON.stringify(valueAt(fresh, key)));
}

/** The fresh settings, but for those that hold from one start to the next: they stay as they were at the start. */
export function settingsInForce(atStart: Settings, { log, streaming, calls }: Settings): Settings {
  return {
    asterisk: atStart.asterisk,
    media: atStart.media,
    log: { level: log.level, format: atStart.log.format },
    monitoring: atStart.monitoring,
    stateDir: atStart.stateDir,
    streaming,
    calls,
    web: atStart.web,
  };
}

/** Settings are built as their keys say; nothing is where a part is missing, or where a key stands for a file. */
function valueAt(settings: Settings, key: SettingKey): unknown {
  return key.split('.').reduce<unknown>((group, name) => {
    const isGroup = typeof group === 'object' && group !== null && Object.hasOwn(group, name);
    return isGroup ? (group as Record<string, unknown>)[name] : undefined;
  }, settings);
}
