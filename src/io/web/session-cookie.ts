/** The cookie by which a browser shows its session: out of reach of scripts, of other sites and of other paths. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from './route.js';

declare module 'fastify' {
  interface FastifyInstance {
    sessionCookie: SessionCookie;
  }
}

interface SessionCookie {
  /** Browsers send cookies to every port of a host, so each of two portals on one machine needs its own name. */
  name: string;
  readonly path: string;
}

export function addSessionCookie(api: Api, basePath: string): void {
  api.decorate('sessionCookie', { name: 'aas-session', path: basePath === '' ? '/' : basePath });
}

export function nameSessionCookie(api: Api, port: number): void {
  api.sessionCookie.name = `aas-session-${port}`;
}

export function sessionCookieOf(request: FastifyRequest): string | undefined {
  return request.cookies[request.server.sessionCookie.name];
}

/** It lasts until the browser is closed; how long the session lasts, its keeper says. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, content: string): void {
  const { name, path } = request.server.sessionCookie;
  const secure = request.protocol === 'https';
  void reply.setCookie(name, content, { path, httpOnly: true, sameSite: 'strict', secure });
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  const { name, path } = request.server.sessionCookie;
  void reply.clearCookie(name, { path, httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' });
}
