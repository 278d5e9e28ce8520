/** What the API says of how the program is doing, in words and figures. */
import { z } from 'zod';

/** A connection in plain words. */
export const ConnectionHealth = z.object({
  state: z.enum(['up', 'trouble', 'idle']).meta({ description: 'idle: nothing needs it now.' }),
  /** Such as "Connected to Asterisk 22.10.1". */
  message: z.string(),
  /** What to do about it. */
  advice: z.string().nullable(),
  /** One of docs/errors.md. */
  code: z.string().nullable(),
  since: z.iso.datetime(),
});

export const Health = z.object({
  asterisk: ConnectionHealth,
  receiver: ConnectionHealth,
  versions: z.object({ program: z.string(), node: z.string(), asterisk: z.string().nullable() }),
  uptimeSeconds: z.number(),
  /** Named as people read them, in the order in which they are shown. */
  counters: z.array(z.object({ name: z.string(), value: z.number(), unit: z.string() })),
});

export const LogLine = z.object({
  serial: z.number().int(),
  at: z.iso.datetime(),
  level: z.enum(['error', 'warn', 'info', 'debug']),
  message: z.string(),
  fields: z.record(z.string(), z.unknown()),
});

export type ConnectionHealth = z.infer<typeof ConnectionHealth>;
export type Health = z.infer<typeof Health>;
export type LogLine = z.infer<typeof LogLine>;
