/** What the API says of who may do what: sessions, users, tokens, the audit trail. */
import { z } from 'zod';

export const ROLES = ['admin', 'reader'] as const;

export const Role = z.enum(ROLES).meta({ description: 'admin may change everything; reader only looks.' });

export const UserName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, 'must be 1 to 64 letters, digits, ".", "_", "@" or "-"')
  .meta({ examples: ['admin'] });

export const Password = z
  .string()
  .min(12, 'must have at least 12 characters')
  .max(256, 'must have at most 256 characters');

/** Who is asking, and what that one may do. */
export const Identity = z.object({
  name: z.string().meta({ description: "A user's name, or `token NAME`." }),
  role: Role,
  mayListen: z.boolean().meta({ description: 'May hear calls. Each time is written to the audit trail.' }),
});

export const Session = z.object({
  state: z.enum(['setup-needed', 'signed-out', 'signed-in']).meta({
    description: 'setup-needed: nobody has an account yet; the log has a code for making the first one.',
  }),
  user: Identity.nullable(),
  /** Sent back as the header `X-CSRF-Token` with whatever changes something. */
  csrfToken: z.string().nullable(),
  version: z.string().meta({ description: 'Of the program; empty before the sign-in.' }),
});

export const SignIn = z.strictObject({ name: z.string().max(64), password: z.string().max(256) });

export const Setup = z.strictObject({
  code: z.string().max(64).meta({ description: 'The code from the log of the first start.' }),
  name: UserName,
  password: Password,
});

export const PasswordChange = z.strictObject({ present: z.string().max(256), next: Password });

export const User = Identity.extend({
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime().nullable(),
});

export const NewUser = z.strictObject({ name: UserName, password: Password, role: Role, mayListen: z.boolean() });

export const UserChange = z.strictObject({
  role: Role.optional(),
  mayListen: z.boolean().optional(),
  password: Password.optional(),
});

export const Token = z.object({
  id: z.string(),
  name: z.string(),
  role: Role,
  mayListen: z.boolean(),
  mayReadSecrets: z.boolean(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  lastUsedAt: z.iso.datetime().nullable(),
});

export const NewToken = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(64, 'must have at most 64 characters'),
  role: Role,
  mayListen: z.boolean().default(false),
  mayReadSecrets: z.boolean().default(false),
});

/** The only time that the token itself is told; what is kept is its hash. */
export const MadeToken = Token.extend({ token: z.string() });

export const AuditEntry = z.object({
  at: z.iso.datetime(),
  /** The user, `token NAME`, or `nobody` for a sign-in that failed. */
  by: z.string(),
  from: z.string().meta({ description: 'The address of the client.' }),
  action: z.string(),
  detail: z.string(),
});

export const AuditQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(5000).default(200),
});

export type Role = z.infer<typeof Role>;
export type Identity = z.infer<typeof Identity>;
export type Session = z.infer<typeof Session>;
export type User = z.infer<typeof User>;
export type UserChange = z.infer<typeof UserChange>;
export type NewUser = z.infer<typeof NewUser>;
export type NewToken = z.infer<typeof NewToken>;
export type Token = z.infer<typeof Token>;
export type MadeToken = z.infer<typeof MadeToken>;
export type AuditEntry = z.infer<typeof AuditEntry>;
