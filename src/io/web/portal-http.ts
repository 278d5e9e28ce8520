/** The portal's HTTP server under Fastify: its limits and its TLS. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { fastify } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { StreamError } from '../../core/errors.js';
import { bodyOf, failureOf, refuseBadRequest } from './failures.js';
import type { PortalTls } from './portal-options.js';
import type { Api } from './route.js';

/** An address that cannot be read is refused before the headers of all other answers are there. */
const BARE_HEADERS = {
  'content-type': 'application/json',
  'content-security-policy': "default-src 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};
const MAX_BODY_OCTETS = 256 * 1024;
/** A channel's name, each octet written as %XX. */
const MAX_PARAMETER_CHARACTERS = 3 * 255;
const MAX_CONNECTIONS = 500;
/** For a whole request, from its first octet on: whoever is slower holds a connection that others want. */
const REQUEST_TIMEOUT_MS = 15_000;
const LIMITS = {
  maxHeaderSize: 16 * 1024,
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: 5_000,
};

/** Throws PORTAL_CERTIFICATE_UNUSABLE. */
export function newServer(tls: PortalTls | undefined, trustedProxies: readonly string[]): { api: Api; server: Server } {
  let server: Server | undefined;
  const serverFactory = (handler: RequestListener): Server => {
    server = tls === undefined ? createServer(LIMITS, handler) : newTlsServer(tls, handler);
    server.maxConnections = MAX_CONNECTIONS;
    return server;
  };
  const api = fastify({
    serverFactory,
    bodyLimit: MAX_BODY_OCTETS,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    routerOptions: { maxParamLength: MAX_PARAMETER_CHARACTERS },
    return503OnClosing: false,
    clientErrorHandler: refuseBadRequest,
    frameworkErrors: (error, _request, { raw }) => {
      const failure = failureOf(error);
      raw.writeHead(failure.status, BARE_HEADERS).end(JSON.stringify(bodyOf(failure)));
    },
  }).withTypeProvider<ZodTypeProvider>();
  // A form of another page can send plain text without being asked; nothing here is.
  api.removeContentTypeParser('text/plain');
  if (server === undefined) throw new TypeError('Fastify has not asked for its server.');
  return { api, server };
}

function newTlsServer(tls: PortalTls, handler: RequestListener): Server {
  try {
    return createTlsServer({ ...LIMITS, ...tls, minVersion: 'TLSv1.2' }, handler);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new StreamError('PORTAL_CERTIFICATE_UNUSABLE', 'settings', `web.cert and web.key: ${detail}`, error);
  }
}
