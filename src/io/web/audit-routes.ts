/** The API's audit trail: who did what. */
import { z } from 'zod';
import { AuditEntry, AuditQuery } from './contract/access.js';
import { API } from './contract/endpoints.js';
import type { RouteModule } from './route.js';

export interface AuditPort {
  /** The newest first. */
  newest(limit: number): Promise<AuditEntry[]>;
}

export function auditRoutes(trail: AuditPort): RouteModule {
  return (api) => {
    api.get(
      API.audit,
      {
        config: { needs: 'administer' },
        schema: {
          summary: 'What was done, by whom and from where, the newest first',
          querystring: AuditQuery,
          response: { 200: z.array(AuditEntry) },
        },
      },
      ({ query }) => trail.newest(query.limit),
    );
  };
}
