/** The portal's real Fastify application with all routes over real files, asked in memory: millions of requests need no socket. */
import { accessRoutes } from '../../src/app/access/access-routes.js';
import { compatibleRoutes } from '../../src/io/web/compatible-routes.js';
import { LiveSockets } from '../../src/io/web/live-sockets.js';
import { buildApi } from '../../src/io/web/portal-api.js';
import type { Api } from '../../src/io/web/route.js';
import { nameSessionCookie } from '../../src/io/web/session-cookie.js';
import { settingsRoutes } from '../../src/io/web/settings-routes.js';
import { type FoundRoute, programRoutes, routeFinder } from '../every-route.js';
import { ADMIN, RunningPortal, VERSION } from '../running-portal.js';
import { SavingProgram } from '../saving-program.js';

export interface HttpPortal {
  readonly api: Api;
  readonly routes: readonly FoundRoute[];
  /** Lines of the log at its level "error". */
  readonly errors: readonly string[];
  /** What an administrator's browser sends, and what a program with every right does. */
  readonly admin: { readonly cookie: string; readonly csrfToken: string };
  readonly token: string;
  close(): Promise<void>;
}

/** The connection test dials nobody: each would take seconds. */
export async function openHttpPortal(): Promise<HttpPortal> {
  const program = new SavingProgram();
  const { changes } = program.start();
  const real = await RunningPortal.open();
  const client = await real.adminClient();
  const { token = '' } = await real.tokenClient({ mayListen: true, mayReadSecrets: true });
  const errors: string[] = [];
  const log = {
    error: (message: string, fields?: object) => void errors.push(`${message} ${String(Object.values(fields ?? {}))}`),
    warn: () => undefined,
    info: () => undefined,
    debug: () => undefined,
    isDebugEnabled: () => false,
  };
  const routes: FoundRoute[] = [];
  const { api } = await buildApi(
    {
      listen: { host: '127.0.0.1', port: 0 },
      basePath: '',
      trustedProxies: [],
      hosts: [],
      version: VERSION,
      gate: real.access,
      log,
    },
    [
      routeFinder(routes),
      settingsRoutes(changes, { test: dialsNobody }),
      compatibleRoutes(changes, log),
      // Calls, health and live; their settings and the compatible API are those above.
      ...programRoutes().filter((_module, index) => ![1, 4].includes(index)),
      ...accessRoutes(real.access, VERSION),
    ],
    new LiveSockets(real.access),
  );
  nameSessionCookie(api, real.portal.port);
  return {
    api,
    routes: routes.filter(({ isWebSocket, method }) => !isWebSocket && method !== 'HEAD'),
    errors,
    admin: { cookie: client.cookie ?? '', csrfToken: client.csrfToken ?? '' },
    token,
    async close() {
      await api.close();
      await real.close();
      program.remove();
    },
  };
}

async function dialsNobody(_url: string, _name: string, _value: string | null | undefined) {
  return { isGood: false, code: 'RECEIVER_REFUSED', message: ADMIN.name, advice: null, milliseconds: 0 };
}
