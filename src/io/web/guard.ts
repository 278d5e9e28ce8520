/** The portal's door: nothing is answered before it is known who asks, from which page, and whether that one may. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isAllowed, type Permission } from '../../core/access/permission.js';
import type { Admitted, Gate } from './gate.js';
import { isFromOurPage } from './own-address.js';
import { type Api, ApiFailure } from './route.js';
import { sessionCookieOf } from './session-cookie.js';

/** They change nothing (RFC 9110, section 9.2.1). */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const CSRF_HEADER = 'x-csrf-token';

const NOT_IN_WORDS: Readonly<Record<Permission, string>> = {
  nothing: 'This is not possible.',
  look: 'Your account may not see this.',
  change: 'Your account may only look. An administrator can give it the role admin.',
  administer: 'Only an administrator may do this.',
  listen: 'Your account may not hear calls. An administrator can allow it.',
};

declare module 'fastify' {
  interface FastifyContextConfig {
    isWebSocket?: boolean;
  }
}

const admittedOf = new WeakMap<object, Admitted>();

/** Who came in by this request; by the raw one, since that is what a WebSocket is known by. */
export function admittedBy(raw: object): Admitted | undefined {
  return admittedOf.get(raw);
}

/** Puts the door before every route that is added to this API from now on. */
export function addGuard(api: Api, gate: Gate): void {
  // Fastify wants every field of its requests to be there from the start.
  api.decorateRequest('asking', null as never);
  api.decorateRequest('audit', function audit(this: FastifyRequest, action: string, detail: string) {
    gate.audit({ by: admittedBy(this.raw)?.asking.name ?? 'nobody', from: this.ip, action, detail });
  });
  api.addHook('onRoute', (route) => {
    const isWebSocket = 'websocket' in route && route.websocket === true;
    route.config = { ...route.config, isWebSocket };
  });
  api.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    void reply.header('cache-control', 'no-store');
    // Where nothing is, nothing is to be guarded.
    if (!request.is404) check(request, gate);
  });
}

function check(request: FastifyRequest, gate: Gate): void {
  const { needs, isWebSocket = false, takesTokenInQuery = false } = request.routeOptions.config;
  if (needs === undefined) throw new ApiFailure(403, 'FORBIDDEN', 'Nobody may do this.');
  const admitted = admit(request, gate, takesTokenInQuery);
  if (admitted !== undefined) {
    admittedOf.set(request.raw, admitted);
    request.asking = admitted.asking;
  }
  // It would be upgraded, only to be closed again.
  if (request.ws && !isWebSocket) throw new ApiFailure(404, 'NOT_FOUND', 'There is no WebSocket at this address.');
  if (needs === 'nothing') {
    checkAnonymous(request);
    return;
  }
  if (admitted === undefined) throw new ApiFailure(401, 'NOT_SIGNED_IN', 'You are not signed in, or no longer.');
  if (!isAllowed(admitted.asking.identity, needs)) throw new ApiFailure(403, 'FORBIDDEN', NOT_IN_WORDS[needs]);
  if (admitted.csrfToken !== undefined) checkPage(request, admitted.csrfToken);
}

/** A token comes before the cookie, and whoever brings a wrong one is not let in by the other. */
function admit(request: FastifyRequest, gate: Gate, takesTokenInQuery: boolean): Admitted | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [, token] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
    return token === undefined ? undefined : gate.byToken(token);
  }
  const inQuery = takesTokenInQuery ? queryToken(request.query) : undefined;
  if (inQuery !== undefined) return gate.byToken(inQuery);
  const cookie = sessionCookieOf(request);
  return cookie === undefined ? undefined : gate.bySession(cookie);
}

function queryToken(query: unknown): string | undefined {
  if (typeof query !== 'object' || query === null || !('access_token' in query)) return undefined;
  return typeof query.access_token === 'string' ? query.access_token : undefined;
}

/** A foreign page must not be able to sign somebody in, under a name of its own. */
function checkAnonymous(request: FastifyRequest): void {
  if (!SAFE_METHODS.has(request.method) && !isFromOurPage(request, 'if-given')) throw foreignPage(request);
}

/** The cookie is sent by the browser whoever asks for it; these two show that a page of ours did. */
function checkPage(request: FastifyRequest, csrfToken: string): void {
  if (request.ws) {
    if (!isFromOurPage(request, 'required')) throw foreignPage(request);
    return;
  }
  if (SAFE_METHODS.has(request.method)) return;
  if (!isFromOurPage(request, 'if-given')) throw foreignPage(request);
  const given = request.headers[CSRF_HEADER];
  if (typeof given !== 'string' || !isSame(given, csrfToken)) {
    throw new ApiFailure(403, 'CSRF', 'The header X-CSRF-Token is missing or not that of this session.');
  }
}

function foreignPage(request: FastifyRequest): ApiFailure {
  const from = request.headers.origin ?? 'another site';
  return new ApiFailure(
    403,
    'FOREIGN_PAGE',
    `This was sent by a page of ${from}, and here is ${request.protocol}://${request.host}. Behind a reverse proxy, see docs/portal-security.md.`,
  );
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
