/** The form of WebSocket Audio Streaming as values: what was saved, what was typed, and how the two differ. */
import type { SavedSettings, StreamingForm } from '../../src/io/web/contract/settings.js';

/** One flat field each, so that two forms can be compared and joined field by field. */
export interface FormValues {
  readonly enable: boolean;
  readonly serverAddress: string;
  readonly secretName: string;
  /** Undefined leaves the saved one, null removes it. */
  readonly secretValue: string | null | undefined;
  readonly sampleRate: StreamingForm['sampleRate'];
  /** As typed, so that an empty or half a number can stand there. */
  readonly bufferSeconds: string;
  readonly earlyMedia: boolean;
  readonly enableExtensions: boolean;
  readonly extensions: readonly string[];
  readonly enableExtensionGroups: boolean;
  readonly extensionGroups: readonly string[];
  readonly enableTrunks: boolean;
  readonly trunks: readonly string[];
  readonly enableDids: boolean;
  readonly dids: readonly string[];
}

export type FieldName = keyof FormValues;

/** Fields as people read them. */
export const FIELD_LABELS: Readonly<Record<FieldName, string>> = {
  enable: 'Streaming on or off',
  serverAddress: 'Server Address',
  secretName: 'Secret (name)',
  secretValue: 'Secret (value)',
  sampleRate: 'Sample Rate',
  bufferSeconds: 'Buffer',
  earlyMedia: 'Audio before the answer',
  enableExtensions: 'Extensions on or off',
  extensions: 'Extensions',
  enableExtensionGroups: 'Extension groups on or off',
  extensionGroups: 'Extension groups',
  enableTrunks: 'Trunks on or off',
  trunks: 'Trunks',
  enableDids: 'DID Numbers on or off',
  dids: 'DID Numbers',
};

export const FIELD_NAMES = Object.keys(FIELD_LABELS) as readonly FieldName[];

const SUBSCRIPTION_FIELDS: ReadonlySet<string> = new Set([
  'enableExtensions',
  'extensions',
  'enableExtensionGroups',
  'extensionGroups',
  'enableTrunks',
  'trunks',
  'enableDids',
  'dids',
]);

export function valuesOf({ streaming }: SavedSettings): FormValues {
  const { subscriptions, secretIsSet: _, bufferSeconds, ...rest } = streaming;
  return { ...rest, ...subscriptions, bufferSeconds: String(bufferSeconds), secretValue: undefined };
}

/** What is sent to be saved. */
export function formOf(values: FormValues): StreamingForm {
  const form: StreamingForm = {
    enable: values.enable,
    serverAddress: values.serverAddress,
    secretName: values.secretName,
    sampleRate: values.sampleRate,
    bufferSeconds: Number(values.bufferSeconds),
    earlyMedia: values.earlyMedia,
    subscriptions: {
      enableExtensions: values.enableExtensions,
      extensions: [...values.extensions],
      enableExtensionGroups: values.enableExtensionGroups,
      extensionGroups: [...values.extensionGroups],
      enableTrunks: values.enableTrunks,
      trunks: [...values.trunks],
      enableDids: values.enableDids,
      dids: [...values.dids],
    },
  };
  return values.secretValue === undefined ? form : { ...form, secretValue: values.secretValue };
}

/** The fields in which two forms differ; the order of names in a list does not matter. */
export function differences(one: FormValues, other: FormValues): FieldName[] {
  return FIELD_NAMES.filter((name) => !isSame(one[name], other[name]));
}

/** The form that has `mine` where it differs from `base`, and `theirs` in all else. */
export function joined(base: FormValues, mine: FormValues, theirs: FormValues): FormValues {
  const kept = Object.fromEntries(differences(base, mine).map((name) => [name, mine[name]]));
  return { ...theirs, ...kept };
}

/** The field that a problem of the API belongs to, such as `streaming.subscriptions.extensions.3`. */
export function fieldAt(path: string): FieldName | undefined {
  const parts = path.split('.').filter((part) => part !== 'streaming' && part !== 'subscriptions');
  return FIELD_NAMES.find((name) => name === parts[0]);
}

/** Under which path the API names a field. */
export function pathOf(name: FieldName): string {
  return SUBSCRIPTION_FIELDS.has(name) ? `streaming.subscriptions.${name}` : `streaming.${name}`;
}

type Value = FormValues[FieldName];

function isSame(one: Value, other: Value): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return one === other;
  return one.length === other.length && [...one].sort().join('\n') === [...other].sort().join('\n');
}
