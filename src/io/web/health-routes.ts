/** The API's health: how the connections are, in plain words, and the end of the log. */
import { z } from 'zod';
import { API } from './contract/endpoints.js';
import { Health, LogLine } from './contract/health.js';
import type { RouteModule } from './route.js';

export interface HealthPort {
  health(): Health | Promise<Health>;
  /** The newest lines after this serial number, oldest first. */
  logLines(after: number, limit: number): LogLine[];
}

const LogQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0).meta({ description: 'The serial number of the last line seen.' }),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

export function healthRoutes(port: HealthPort): RouteModule {
  return (api) => {
    api.get(
      API.health,
      {
        config: { needs: 'look' },
        schema: { summary: 'How the program is doing, in words', response: { 200: Health } },
      },
      () => port.health(),
    );
    api.get(
      API.log,
      {
        config: { needs: 'look' },
        schema: { summary: 'The end of the log', querystring: LogQuery, response: { 200: z.array(LogLine) } },
      },
      ({ query }) => port.logLines(query.after, query.limit),
    );
  };
}
