/** Puts the portal's API together: what every answer has in common, the door, and then the routes. */
import type { Server } from 'node:http';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import websocket from '@fastify/websocket';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Log } from '../../core/log.js';
import { bodyOf, failureHandler } from './failures.js';
import { addGuard, admittedBy } from './guard.js';
import { LiveSockets } from './live-sockets.js';
import { openapiOptions } from './openapi.js';
import { hostCheck } from './own-address.js';
import { pageRoutes, readPage } from './pages.js';
import { newServer } from './portal-http.js';
import type { PortalOptions } from './portal-options.js';
import { referenceRoutes } from './reference.js';
import { REQUEST_COUNTS } from './request-counts.js';
import { type Api, ApiFailure, type RouteModule } from './route.js';
import { securityHeaders } from './security-headers.js';
import { addSessionCookie } from './session-cookie.js';

const ALIVE = '/healthz';
const MAX_CLIENT_FRAME_OCTETS = 4 * 1024;
/** Of one address: a person, and a page that asks often, come nowhere near it. */
const MAX_REQUESTS_PER_MINUTE = 1_200;
const NO_LIMIT_HEADERS = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false };
const LIMIT = {
  max: MAX_REQUESTS_PER_MINUTE,
  timeWindow: 60_000,
  ipv6Subnet: 64,
  addHeaders: { ...NO_LIMIT_HEADERS, 'retry-after': true },
  addHeadersOnExceeding: NO_LIMIT_HEADERS,
  errorResponseBuilder: (_request: unknown, { ttl }: { ttl: number }) => {
    const seconds = Math.ceil(ttl / 1000);
    return new ApiFailure(429, 'TOO_MANY_REQUESTS', `Too many requests. Try again in ${seconds} seconds.`);
  },
};

/** Everything but the listening: what only wants to know the routes needs no port. */
export async function buildApi(
  options: PortalOptions,
  routes: readonly RouteModule[],
  sockets = new LiveSockets(options.gate),
): Promise<{ api: Api; server: Server }> {
  const { basePath, gate, log, tls } = options;
  const { api, server } = newServer(tls, options.trustedProxies);
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(serializerCompiler);
  api.setErrorHandler(failureHandler(log));
  api.setNotFoundHandler((_request, reply) => {
    void reply.code(404).send(bodyOf(new ApiFailure(404, 'NOT_FOUND', 'There is nothing at this address.')));
  });

  // The order counts: first the headers that every answer has, then who asks too often, then by which name, then who.
  await api.register(helmet, securityHeaders(tls !== undefined));
  await api.register(rateLimit, { global: false, store: REQUEST_COUNTS });
  await api.register(cookie);
  await addWebSockets(api, sockets, log);
  await api.register(swagger, openapiOptions(options.version));
  api.addHook('onRequest', api.rateLimit(LIMIT));
  api.addHook('onRequest', hostHook(options));
  addSessionCookie(api, basePath);
  addGuard(api, gate);
  api.addHook('onResponse', (request, reply) => logAnswer(log, request, reply));

  const page = readPage(basePath, options.pages);
  const ours = [aliveRoute, referenceRoutes(basePath, page.stylesheet), pageRoutes(basePath, page)];
  const addRoutes = async (scope: unknown): Promise<void> => {
    for (const addTo of [...routes, ...ours]) await addTo(scope as Api);
  };
  await api.register(addRoutes, { prefix: basePath });
  if (basePath !== '') aliveRoute(api);
  await api.ready();
  return { api, server };
}

async function addWebSockets(api: Api, sockets: LiveSockets, log: Log): Promise<void> {
  await api.register(websocket, {
    options: { maxPayload: MAX_CLIENT_FRAME_OCTETS, perMessageDeflate: false },
    preClose(this: { websocketServer: { close(): void } }, done: () => void) {
      sockets.sayGoodbye();
      this.websocketServer.close();
      done();
    },
    errorHandler: (error, socket) => {
      log.debug('a WebSocket of the portal broke', { error });
      socket.terminate();
    },
  });
  sockets.watch(api.websocketServer);
}

function hostHook({ listen, hosts }: PortalOptions): (request: FastifyRequest) => Promise<void> {
  const isOurHost = hostCheck(listen.host, hosts);
  return async (request) => {
    // Whoever watches over a machine asks by any name. The route's own path is compared, which nobody else can choose.
    if (request.routeOptions.url?.endsWith(ALIVE) || isOurHost(request.host)) return;
    const name = request.host.slice(0, 255);
    throw new ApiFailure(421, 'WRONG_HOST', `This is not ${name}. If it should be, add that to the setting web.hosts.`);
  };
}

async function logAnswer(log: Log, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (!log.isDebugEnabled()) return;
  // Behind the question mark there may be a token.
  const path = request.url.split('?')[0];
  const by = admittedBy(request.raw)?.asking.name;
  log.debug('portal request', { method: request.method, path, status: reply.statusCode, by, from: request.ip });
}

/** For whoever watches over the machine: the program runs and answers. It says nothing else. */
function aliveRoute(api: Api): void {
  const schema = { summary: 'Whether the program runs', hide: true };
  api.get(ALIVE, { schema, config: { needs: 'nothing' } }, async () => ({ status: 'ok' }));
}
