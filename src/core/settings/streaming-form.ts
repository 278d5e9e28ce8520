/** The form of the page: what it shows of the settings, and what of it, sent back, is a change. */
import { SAVED_KEYS, type SavedKey, type SavedValue, type SavedValues } from './saved-values.js';
import type { SettingValues } from './settings.js';
import { settingAt } from './settings-table.js';

interface SharedFields {
  readonly enable: boolean;
  /** Empty when there is none. */
  readonly serverAddress: string;
  /** Hz. */
  readonly sampleRate: SettingValues['streaming.sampleRate'];
  readonly bufferSeconds: number;
  readonly earlyMedia: boolean;
  readonly secretName: string;
  readonly subscriptions: {
    readonly enableExtensions: boolean;
    readonly extensions: readonly string[];
    readonly enableExtensionGroups: boolean;
    readonly extensionGroups: readonly string[];
    readonly enableTrunks: boolean;
    readonly trunks: readonly string[];
    readonly enableDids: boolean;
    readonly dids: readonly string[];
  };
}

/** As it is shown: of the secret only whether there is one. */
export interface ShownForm extends SharedFields {
  readonly secretIsSet: boolean;
}

/** As it is sent back. */
export interface SentForm extends SharedFields {
  /** Absent leaves it as it is, null removes it. */
  readonly secretValue?: string | null | undefined;
}

/** Where a setting stands in the form, as the page and the API name its fields. */
export function fieldOf(key: SavedKey): string {
  if (key === 'streaming.secret.name') return 'streaming.secretName';
  return key === 'streaming.secret.value' ? 'streaming.secretValue' : key;
}

/** When a change of this setting takes effect. */
export function effectOf(key: SavedKey): 'at-once' | 'new-calls' {
  return settingAt(key).effect === 'new-calls' ? 'new-calls' : 'at-once';
}

export function formOf(values: SettingValues): ShownForm {
  return {
    enable: values['streaming.enable'],
    serverAddress: values['streaming.serverAddress'] ?? '',
    secretName: values['streaming.secret.name'],
    secretIsSet: values['streaming.secret.value'] !== undefined,
    sampleRate: values['streaming.sampleRate'],
    bufferSeconds: values['streaming.bufferSeconds'],
    earlyMedia: values['streaming.earlyMedia'],
    subscriptions: {
      enableExtensions: values['streaming.subscriptions.enableExtensions'],
      extensions: values['streaming.subscriptions.extensions'],
      enableExtensionGroups: values['streaming.subscriptions.enableExtensionGroups'],
      extensionGroups: values['streaming.subscriptions.extensionGroups'],
      enableTrunks: values['streaming.subscriptions.enableTrunks'],
      trunks: values['streaming.subscriptions.trunks'],
      enableDids: values['streaming.subscriptions.enableDids'],
      dids: values['streaming.subscriptions.dids'],
    },
  };
}

/** Stands for what a form shows: another text for other values (FNV-1a, 32 bits). */
export function fingerprintOf(form: ShownForm): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(form)) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16);
}

/** What of the form differs from what holds, and is therefore to be saved; all else stays with where it came from. */
export function changesIn(form: SentForm, present: SettingValues): SavedValues {
  const sent = valuesIn(form);
  const changed = SAVED_KEYS.filter((key) => key in sent && !isSame(sent[key], present[key]));
  return Object.fromEntries(changed.map((key) => [key, sent[key]]));
}

/** The values of a form by key, as they hold now, for the comparison of two moments. */
export function valuesInForce(values: SettingValues): SavedValues {
  return Object.fromEntries(SAVED_KEYS.map((key) => [key, values[key] ?? null]));
}

function valuesIn({ subscriptions, ...form }: SentForm): SavedValues {
  return {
    'streaming.enable': form.enable,
    'streaming.serverAddress': form.serverAddress === '' ? null : form.serverAddress,
    'streaming.secret.name': form.secretName,
    ...(form.secretValue === undefined ? {} : { 'streaming.secret.value': form.secretValue }),
    'streaming.sampleRate': form.sampleRate,
    'streaming.bufferSeconds': form.bufferSeconds,
    'streaming.earlyMedia': form.earlyMedia,
    'streaming.subscriptions.enableExtensions': subscriptions.enableExtensions,
    'streaming.subscriptions.extensions': subscriptions.extensions,
    'streaming.subscriptions.enableExtensionGroups': subscriptions.enableExtensionGroups,
    'streaming.subscriptions.extensionGroups': subscriptions.extensionGroups,
    'streaming.subscriptions.enableTrunks': subscriptions.enableTrunks,
    'streaming.subscriptions.trunks': subscriptions.trunks,
    'streaming.subscriptions.enableDids': subscriptions.enableDids,
    'streaming.subscriptions.dids': subscriptions.dids,
  };
}

function isSame(one: SavedValue | undefined, other: SavedValue | undefined): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
