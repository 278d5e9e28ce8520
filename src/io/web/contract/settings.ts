/** What the API says of the settings of WebSocket Audio Streaming: read, changed, tried, and put back. */
import { z } from 'zod';

export const SAMPLE_RATES = [8000, 16_000, 24_000, 48_000] as const;

const Names = z.array(z.string().max(255)).max(5000);

export const Subscriptions = z.strictObject({
  enableExtensions: z.boolean(),
  extensions: Names.meta({ description: 'Names, Asterisk patterns such as _10XX, or * for all.' }),
  enableExtensionGroups: z.boolean(),
  extensionGroups: Names,
  enableTrunks: z.boolean(),
  trunks: Names,
  enableDids: z.boolean(),
  dids: Names,
});

const streaming = {
  enable: z.boolean(),
  serverAddress: z.string().max(2048).meta({ description: 'ws:// or wss://; empty when there is none yet.' }),
  sampleRate: z.union(SAMPLE_RATES.map((rate) => z.literal(rate))).meta({ description: 'Hz' }),
  bufferSeconds: z.number().int().min(1).max(300),
  earlyMedia: z.boolean(),
  subscriptions: Subscriptions,
};

export const StreamingForm = z.strictObject({
  ...streaming,
  secretName: z.string().max(255),
  /** Write-only: absent leaves it as it is, null removes it, a text replaces it. */
  secretValue: z.string().max(4096).nullable().optional(),
});

export const SavedSettings = z.object({
  revision: z.number().int().meta({ description: 'Counts the changes; sent back with the next change.' }),
  basis: z.string().optional().meta({
    description:
      'Stands for what is shown here. Sent back with the next change, it shows whether the settings file has changed since.',
  }),
  savedAt: z.iso.datetime().nullable(),
  savedBy: z.string().nullable(),
  streaming: z.object({ ...streaming, secretName: z.string(), secretIsSet: z.boolean() }),
  isUnverified: z.boolean().meta({
    description: 'Any certificate of the server is taken: streaming.insecure, which cannot be changed here.',
  }),
  locked: z.record(z.string(), z.string()).meta({
    description:
      'What cannot be changed here, since the environment or a flag gives it: by the path of the field, such as streaming.secretValue, with the name of the variable or flag.',
  }),
});

export const SettingsChange = z.strictObject({
  revision: z
    .number()
    .int()
    .meta({ description: 'The revision that was changed. Another one in force is a conflict (409).' }),
  basis: z
    .string()
    .max(64)
    .optional()
    .meta({ description: 'That of the settings that were changed. Another one in force is a conflict, too.' }),
  streaming: StreamingForm,
  applyToRunning: z
    .boolean()
    .default(false)
    .meta({ description: 'Running streams, too, take a new address, secret or sample rate, with a cut.' }),
});

export const SavedChange = z.object({
  settings: SavedSettings,
  /** What changed, by the key of the setting (docs/settings.md), and when it takes effect. */
  changed: z.array(z.object({ key: z.string(), effect: z.enum(['at-once', 'new-calls']) })),
  runningCalls: z.number().int(),
});

export const SettingsVersion = z.object({
  revision: z.number().int(),
  savedAt: z.iso.datetime(),
  savedBy: z.string(),
  /** The keys of settings (docs/settings.md) that it changed against the version before. */
  changed: z.array(z.string()),
  isCurrent: z.boolean(),
});

/** The body may be left out. */
export const RestoreOrder = z.strictObject({ applyToRunning: z.boolean().default(false) }).nullish();

export const ConnectionTest = z.strictObject({
  serverAddress: z.string().max(2048),
  secretName: z.string().max(255),
  /** Absent: the saved one. */
  secretValue: z.string().max(4096).nullable().optional(),
});

export const ConnectionTestResult = z.object({
  isGood: z.boolean(),
  /** One of docs/errors.md when it is not good. */
  code: z.string().nullable(),
  message: z.string(),
  advice: z.string().nullable(),
  milliseconds: z.number(),
});

/** What can be subscribed, as Asterisk and the settings know it. */
export const SubscriptionObjects = z.object({
  extensions: z.array(z.object({ name: z.string(), technology: z.string(), state: z.string() })),
  trunks: z.array(z.object({ name: z.string(), technology: z.string(), state: z.string() })),
  extensionGroups: z.array(z.object({ name: z.string(), members: z.array(z.string()) })),
  /** DID numbers that calls came in by since the start. */
  dids: z.array(z.string()),
});

export type StreamingForm = z.infer<typeof StreamingForm>;
export type SavedSettings = z.infer<typeof SavedSettings>;
export type SettingsChange = z.infer<typeof SettingsChange>;
export type SavedChange = z.infer<typeof SavedChange>;
export type SettingsVersion = z.infer<typeof SettingsVersion>;
export type ConnectionTest = z.infer<typeof ConnectionTest>;
export type ConnectionTestResult = z.infer<typeof ConnectionTestResult>;
export type SubscriptionObjects = z.infer<typeof SubscriptionObjects>;
