/**
 * What the compatible API says: the shape of "Get" and "Edit WebSocket Audio Streaming Setting" of Yeastar's P-Series,
 * https://help.yeastar.com/en/p-series-software-edition/developer-guide/get-websocket-audio-streaming-setting.html.
 */
import { z } from 'zod';

const Switch = z.union([z.literal(0), z.literal(1)]);

/** The codes of "Error Code and Error Message" that are used here, with the words that go with them. */
export const ERRORS = {
  SUCCESS: 0,
  FAILURE: -1,
  'INTERNAL SERVER ERROR': -2,
  'INTERFACE NOT EXISTED': 10001,
  'TOKEN EXPIRED': 10004,
  'ACCESS DENIED': 10005,
  'PARAMETER SYNTAX ERROR': 40001,
  'PARAMETER ERROR': 40002,
  'ACCOUNT IP BLOCKED': 70004,
} as const;

export const SUBSCRIBE_TYPES = ['extension', 'ext_group', 'organization', 'trunk', 'did'] as const;

export const CompatibleConfig = z.object({
  enable: Switch,
  websocket_url: z.string().meta({ description: 'At most 255 bytes; empty when there is none.' }),
  auth_key: z.string().meta({ description: 'The name of the secret, at most 63 bytes.' }),
  auth_value: z.string().meta({
    description:
      'The secret, at most 255 bytes; asterisks for a token that may not read secrets. Asterisks sent back keep it.',
  }),
  sample_rate: z
    .union([z.literal(0), z.literal(1), z.literal(24_000), z.literal(48_000)])
    .meta({ description: '0: 8000 Hz, 1: 16000 Hz. The rates that the original does not have stand for themselves.' }),
  enable_ext: Switch.meta({ description: 'Extensions and extension groups.' }),
  enable_trunk: Switch,
  enable_did: Switch,
});

const SubscribeId = z.union([z.string().max(255), z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)]).meta({
  description: 'The name in Asterisk; a number may stand without quotation marks.',
});

export const SubscribedObject = z.object({
  id: z.number().int(),
  subscribe_type: z.enum(SUBSCRIBE_TYPES),
  subscribe_id: SubscribeId,
});

/** What is absent stays as it is; a list that is given takes the place of the whole list. */
export const CompatibleUpdate = CompatibleConfig.extend({
  subscribe_list: z
    .array(
      z.strictObject({ id: z.number().optional(), subscribe_type: z.enum(SUBSCRIBE_TYPES), subscribe_id: SubscribeId }),
    )
    .max(20_000),
})
  .partial()
  .strict();

export const CompatibleAnswer = z.object({
  errcode: z.number().int(),
  errmsg: z.string(),
  /** In words, where there is more to say. */
  submsg: z.string().optional(),
  config: CompatibleConfig.optional(),
  subscribe_list: z.array(SubscribedObject).optional(),
  invalid_param_list: z
    .array(z.object({ field: z.string(), validation_type: z.string(), message: z.string() }))
    .optional(),
});

export const CompatibleQuery = z.looseObject({
  access_token: z.string().optional().meta({ description: 'An API token, as made on the page.' }),
});

export type CompatibleConfig = z.infer<typeof CompatibleConfig>;
export type CompatibleUpdate = z.infer<typeof CompatibleUpdate>;
export type CompatibleAnswer = z.infer<typeof CompatibleAnswer>;
export type SubscribedObject = z.infer<typeof SubscribedObject>;
