/** The portal: one web server for the page, its API and its WebSockets, behind one door. */
import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { StreamError } from '../../core/errors.js';
import { type HostPort, hostPort, isUnspecified } from '../../core/settings/addresses.js';
import { LiveSockets } from './live-sockets.js';
import { isLoopback } from './own-address.js';
import { buildApi } from './portal-api.js';
import type { PortalOptions, PortalTls } from './portal-options.js';
import type { Api, RouteModule } from './route.js';
import { nameSessionCookie } from './session-cookie.js';

export interface Portal {
  readonly port: number;
  /** Where the page is as seen from here, such as `https://127.0.0.1:8090/audio/`; a proxy may have another for it. */
  readonly address: string;
  /** Takes a renewed certificate for the connections that come from now on; throws what node:tls throws. */
  useCertificate(tls: PortalTls): void;
  /** No new connection, a goodbye to each WebSocket, 2 s for answers under way. A second call does nothing more. */
  close(): Promise<void>;
}

const CLOSE_LIMIT_MS = 2_000;

/**
 * Opens the portal with these routes beside its own (the page, `/healthz`, the API's description). Rejects with a
 * `StreamError`: PORTAL_LISTEN_FAILED, PORTAL_CERTIFICATE_UNUSABLE.
 */
export async function openPortal(options: PortalOptions, routes: readonly RouteModule[]): Promise<Portal> {
  const { listen, tls, basePath, log } = options;
  const sockets = new LiveSockets(options.gate);
  const { api, server } = await buildApi(options, routes, sockets);
  const port = await startListening(api, server, listen).catch(async (error: NodeJS.ErrnoException) => {
    sockets.terminate();
    await api.close();
    const at = hostPort(listen.host, listen.port);
    throw new StreamError('PORTAL_LISTEN_FAILED', 'machine', `${at}: ${wordsOf(error)}`, error);
  });
  nameSessionCookie(api, port);
  const address = `${tls === undefined ? 'http' : 'https'}://${hostPort(nameOf(options), port)}${basePath}/`;
  log.info('the settings page is open', { page: address });
  if (tls === undefined && !isLoopback(listen.host) && options.trustedProxies.length === 0) {
    log.warn('other machines reach the settings page without TLS, so passwords can be read on the way', {
      page: address,
    });
  }

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const closed = api.close();
    await Promise.race([closed, pause(CLOSE_LIMIT_MS, undefined, { ref: false })]);
    sockets.terminate();
    server.closeAllConnections();
    await closed;
  };
  return {
    port,
    address,
    useCertificate(renewed) {
      if (server instanceof TlsServer) server.setSecureContext(renewed);
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

async function startListening(api: Api, server: Server, { host, port }: HostPort): Promise<number> {
  // For localhost Fastify would open a second server, which has no WebSockets.
  await api.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port });
  return (server.address() as AddressInfo).port;
}

/** Every address of the machine is none that a browser could open. */
function nameOf({ listen, hosts }: PortalOptions): string {
  return isUnspecified(listen.host) ? (hosts[0] ?? hostname()) : listen.host;
}

/** What the system's error codes mean to somebody who starts the portal. */
const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses this port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host',
  EACCES: 'this user may not use this port',
};

function wordsOf({ code, message }: NodeJS.ErrnoException): string {
  const words = code === undefined ? undefined : SYSTEM_WORDS[code];
  return words === undefined ? message : `${words} (${code})`;
}
