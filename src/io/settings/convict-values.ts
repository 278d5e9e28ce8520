/**
 * Convict holds the values: defaults, then each layer over the one before, then every check of the table at once.
 * Its own readers of flags and variables are not used: they take `80x` for 80, any word but "false" for true, and
 * the flag 0123 for 123.
 */
import convict from 'convict';
import type { Setting } from '../../core/settings/setting.js';
import { faultIn } from '../../core/settings/setting-value.js';
import type { SettingValues } from '../../core/settings/settings.js';
import { SETTING_KEYS, type SettingKey, settingAt } from '../../core/settings/settings-table.js';

/** The values given in one place, by key. */
export type Layer = ReadonlyMap<SettingKey, unknown>;

export interface CheckedValues {
  /** Complete: defaults included. What has a fault is in it as it was given. */
  readonly values: SettingValues;
  /** What is wrong with a value, by key. */
  readonly faults: ReadonlyMap<SettingKey, string>;
}

/** Convict keeps its formats in one table for the whole process, hence the long name. */
const FORMAT = 'ari-audio-stream-setting';

convict.addFormat({
  name: FORMAT,
  validate(value: unknown, schema: convict.SchemaObj) {
    const fault = faultIn(schema.setting as Setting, value);
    if (fault !== undefined) throw new Error(fault);
  },
});

/** Lays the layers over the defaults, the last on top, and checks what came out. */
export function checkValues(layers: readonly Layer[]): CheckedValues {
  // Without these two convict would read the environment and the flags of the process by itself.
  const config = convict<Record<string, unknown>>(schema(), { env: {}, args: [] });
  for (const layer of layers) {
    for (const [key, value] of layer) config.set(key, value);
  }
  const faults = new Map<SettingKey, string>();
  try {
    config.validate({ allowed: 'strict' });
  } catch (error) {
    for (const line of String(error instanceof Error ? error.message : error).split('\n')) {
      const [key, fault] = splitOnce(line, ': ');
      faults.set(keyNamed(key, line), fault);
    }
  }
  const values = Object.fromEntries(SETTING_KEYS.map((key) => [key, config.get(key) ?? undefined]));
  // The table's checks just saw to it that each value has the type that the table gives it, or has a fault.
  return { values: values as unknown as SettingValues, faults };
}

/** The table as convict wants it: nested objects whose leaves are settings. */
function schema(): convict.Schema<Record<string, unknown>> {
  const root: Record<string, unknown> = {};
  for (const key of SETTING_KEYS) {
    const setting = settingAt(key);
    const path = key.split('.');
    const name = path.pop() ?? key;
    let group = root;
    for (const part of path) {
      group[part] ??= {};
      group = group[part] as Record<string, unknown>;
    }
    const fallback = 'fallback' in setting ? setting.fallback : undefined;
    group[name] = {
      doc: setting.help,
      format: FORMAT,
      default: fallback ?? null,
      nullable: fallback === undefined,
      // Convict would add the value itself to its message: what may be shown is the table's business.
      sensitive: true,
      setting,
    };
  }
  return root as convict.Schema<Record<string, unknown>>;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

function keyNamed(name: string, line: string): SettingKey {
  const key = SETTING_KEYS.find((candidate) => candidate === name);
  if (key === undefined) throw new TypeError(`Convict said something unexpected: ${line}`);
  return key;
}
