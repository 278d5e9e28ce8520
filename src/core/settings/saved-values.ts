/** What can be saved on the page, by key: a layer of settings between the settings file and the environment. */
import type { SettingKey } from './settings-table.js';

export const SAVED_KEYS = [
  'streaming.enable',
  'streaming.serverAddress',
  'streaming.secret.name',
  'streaming.secret.value',
  'streaming.sampleRate',
  'streaming.bufferSeconds',
  'streaming.earlyMedia',
  'streaming.subscriptions.enableExtensions',
  'streaming.subscriptions.extensions',
  'streaming.subscriptions.enableExtensionGroups',
  'streaming.subscriptions.extensionGroups',
  'streaming.subscriptions.enableTrunks',
  'streaming.subscriptions.trunks',
  'streaming.subscriptions.enableDids',
  'streaming.subscriptions.dids',
] as const satisfies readonly SettingKey[];

export type SavedKey = (typeof SAVED_KEYS)[number];

/** null: none, whatever the settings file says. */
export type SavedValue = boolean | number | string | readonly string[] | null;

/** What is absent is as the settings file says. */
export type SavedValues = Readonly<Partial<Record<SavedKey, SavedValue>>>;

export function isSavedKey(key: string): key is SavedKey {
  return SAVED_KEYS.some((saved) => saved === key);
}

/** The settings that, given by the environment or a flag, decide the value of this one. */
export function decidersOf(key: SavedKey): readonly SettingKey[] {
  return key === 'streaming.secret.value' ? [key, 'streaming.secret.valueFile'] : [key];
}

/**
 * The layer that these values are. A saved secret stands in the place of a file that the settings file names for it, and
 * gives way to one that is named above; else both would be given, which is an error.
 */
export function savedLayer(values: SavedValues, isGivenAbove: (key: SettingKey) => boolean): Map<SettingKey, unknown> {
  const layer = new Map<SettingKey, unknown>();
  for (const key of SAVED_KEYS) {
    const value = values[key];
    if (value !== undefined && !decidersOf(key).some(isGivenAbove)) layer.set(key, value);
  }
  if (layer.has('streaming.secret.value')) layer.set('streaming.secret.valueFile', null);
  return layer;
}

/** The keys whose values differ, in the order of the page. */
export function differingKeys(one: SavedValues, other: SavedValues): SavedKey[] {
  return SAVED_KEYS.filter((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key]));
}
