/** All of the portal's routes, over a program that does nothing: for tests about who may reach them and how they are described. */
import { callsRoutes } from '../src/io/web/calls-routes.js';
import { compatibleRoutes } from '../src/io/web/compatible-routes.js';
import { healthRoutes } from '../src/io/web/health-routes.js';
import { liveRoutes } from '../src/io/web/live-routes.js';
import { type Api, ApiFailure, type Permission, type RouteModule } from '../src/io/web/route.js';
import { settingsRoutes } from '../src/io/web/settings-routes.js';
import { subscriptionRoutes } from '../src/io/web/subscription-routes.js';

export interface FoundRoute {
  readonly method: string;
  /** As it is declared, such as `/api/v1/users/:name`. */
  readonly url: string;
  readonly needs: Permission | undefined;
  readonly isWebSocket: boolean;
  readonly takesTokenInQuery: boolean;
  readonly schema: { summary?: string; response?: object; hide?: boolean };
}

const NO_LOG = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, isDebugEnabled: () => false };

/** A program that can't do anything: of interest is only whether it is asked. */
// biome-ignore lint/suspicious/noExplicitAny: it stands for every port.
const NOTHING_DONE: any = new Proxy(
  {},
  {
    get: () => () => {
      throw new ApiFailure(404, 'NOT_FOUND', 'This program has nothing.');
    },
  },
);

/** The routes that are not access's own. A new one belongs in here. */
export function programRoutes(): RouteModule[] {
  return [
    callsRoutes(NOTHING_DONE),
    compatibleRoutes(NOTHING_DONE, NO_LOG),
    healthRoutes(NOTHING_DONE),
    liveRoutes(NOTHING_DONE, NOTHING_DONE),
    settingsRoutes(NOTHING_DONE, NOTHING_DONE),
    subscriptionRoutes(NOTHING_DONE),
  ];
}

/** Writes down what comes after it. */
export function routeFinder(found: FoundRoute[]): RouteModule {
  return (api: Api) => {
    api.addHook('onRoute', ({ method, url, config, schema, ...options }) => {
      const { needs, takesTokenInQuery = false } = config ?? {};
      const isWebSocket = 'websocket' in options && options.websocket === true;
      for (const one of [method].flat()) {
        found.push({
          method: one,
          url,
          needs,
          isWebSocket,
          takesTokenInQuery,
          schema: (schema ?? {}) as FoundRoute['schema'],
        });
      }
    });
  };
}
