/** The API's session: who is signed in here; signing in, out, and for the first time. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Identity, PasswordChange, Session, Setup, SignIn } from './contract/access.js';
import { API } from './contract/endpoints.js';
import { Failure } from './contract/failure.js';
import { admittedBy } from './guard.js';
import { ApiFailure, type RouteModule } from './route.js';
import { clearSessionCookie, sessionCookieOf, setSessionCookie } from './session-cookie.js';

/** A session that has just begun. */
export interface NewSession {
  /** What the browser is to show from now on. */
  readonly cookie: string;
  readonly csrfToken: string;
  readonly identity: Identity;
}

/** What the routes need of the program. Refusals are rejections with an `ApiFailure`. */
export interface SessionsPort {
  /** There is a code in the log that waits to be used. */
  isSetupNeeded(): boolean;
  signIn(name: string, password: string, from: string): Promise<NewSession>;
  setUp(code: string, name: string, password: string, from: string): Promise<NewSession>;
  signOut(cookie: string): void;
  /** All other sessions of this user end. */
  changePassword(user: string, present: string, next: string, cookie: string, from: string): Promise<void>;
}

const Done = z.null().meta({ description: 'Done.' });
const NOTHING = { needs: 'nothing' } as const;

export function sessionRoutes(sessions: SessionsPort, version: string): RouteModule {
  const begin = (
    request: FastifyRequest,
    reply: FastifyReply,
    { cookie, csrfToken, identity }: NewSession,
  ): Session => {
    const former = sessionCookieOf(request);
    if (former !== undefined) sessions.signOut(former);
    setSessionCookie(request, reply, cookie);
    return { state: 'signed-in', user: identity, csrfToken, version };
  };

  return (api) => {
    api.get(
      API.session,
      { config: NOTHING, schema: { summary: 'Who is signed in, if anybody is', response: { 200: Session } } },
      ({ asking, raw }) => {
        const admitted = admittedBy(raw);
        if (admitted !== undefined) {
          return { state: 'signed-in' as const, user: asking.identity, csrfToken: admitted.csrfToken ?? null, version };
        }
        const state = sessions.isSetupNeeded() ? ('setup-needed' as const) : ('signed-out' as const);
        return { state, user: null, csrfToken: null, version: '' };
      },
    );
    api.post(
      API.session,
      {
        config: NOTHING,
        schema: { summary: 'Sign in', body: SignIn, response: { 200: Session, 401: Failure, 429: Failure } },
      },
      async (request, reply) => {
        const { name, password } = request.body;
        return begin(request, reply, await sessions.signIn(name, password, request.ip));
      },
    );
    api.delete(
      API.session,
      { config: { needs: 'look' }, schema: { summary: 'Sign out', response: { 204: Done } } },
      async (request, reply) => {
        const cookie = sessionCookieOf(request);
        if (cookie !== undefined) sessions.signOut(cookie);
        request.audit('signed out', '');
        clearSessionCookie(request, reply);
        return reply.code(204).send(null);
      },
    );
    api.post(
      API.setup,
      {
        config: NOTHING,
        schema: {
          summary: 'Make an administrator with the code from the log, and sign in as that one',
          body: Setup,
          response: { 200: Session, 403: Failure, 429: Failure },
        },
      },
      async (request, reply) => {
        const { code, name, password } = request.body;
        return begin(request, reply, await sessions.setUp(code, name, password, request.ip));
      },
    );
    api.put(
      API.password,
      {
        config: { needs: 'look' },
        schema: {
          summary: 'Change your password',
          body: PasswordChange,
          response: { 204: Done, 400: Failure, 403: Failure },
        },
      },
      async (request, reply) => {
        const cookie = sessionCookieOf(request);
        if (admittedBy(request.raw)?.csrfToken === undefined || cookie === undefined) {
          throw new ApiFailure(403, 'FORBIDDEN', 'A token has no password.');
        }
        const { present, next } = request.body;
        await sessions.changePassword(request.asking.identity.name, present, next, cookie, request.ip);
        request.audit('changed the password', request.asking.name);
        return reply.code(204).send(null);
      },
    );
  };
}
