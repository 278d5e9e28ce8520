/** What routes of the portal are made of: what they need of whoever asks, and how they say that something can't be done. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Permission } from '../../core/access/permission.js';
import type { Identity } from './contract/access.js';
import type { FieldProblem } from './contract/failure.js';

export type { Permission };

/** Whoever sent a request. */
export interface Asking {
  readonly identity: Identity;
  /** As the audit trail names them: a user's name, or `token NAME`. */
  readonly name: string;
  /** Settings may show their secrets to them: only to tokens that were made for it. */
  readonly mayReadSecrets: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A route that names no need is refused to everybody. */
    needs?: Permission;
    /** The compatible API: the token may stand in the address, as `access_token`. */
    takesTokenInQuery?: boolean;
  }
  interface FastifyRequest {
    /** Set on every route that needs something. */
    asking: Asking;
    /** Writes a line of the audit trail: what was done, and to what. */
    audit(action: string, detail: string): void;
  }
}

export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Adds routes to the API. */
export type RouteModule = (api: Api) => void | Promise<void>;

/** Thrown by a route: becomes the answer that contract/failure.ts describes. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly problems: readonly FieldProblem[] | undefined;
  /** When it may go better, for the header of that name. */
  retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, problems?: readonly FieldProblem[]) {
    super(message);
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}
