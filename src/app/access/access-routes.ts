/** The routes that belong to access itself: sessions, users, tokens and the audit trail. */
import { auditRoutes } from '../../io/web/audit-routes.js';
import type { RouteModule } from '../../io/web/route.js';
import { sessionRoutes } from '../../io/web/session-routes.js';
import { tokensRoutes } from '../../io/web/tokens-routes.js';
import { usersRoutes } from '../../io/web/users-routes.js';
import type { PortalAccess } from './portal-access.js';

/** `version` is told to those who are signed in. */
export function accessRoutes(access: PortalAccess, version: string): RouteModule[] {
  return [
    sessionRoutes(access.signIns, version),
    usersRoutes(access.accounts),
    tokensRoutes(access.accounts),
    auditRoutes(access),
  ];
}
