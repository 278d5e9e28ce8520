/** The API's description for programs and for people: OpenAPI, and a page with its own style and no script. */
import { z } from 'zod';
import { API } from './contract/endpoints.js';
import { tidied } from './openapi.js';
import { type Description, referencePage } from './reference-page.js';
import { REFERENCE_STYLE } from './reference-style.js';
import type { RouteModule } from './route.js';

/** `stylesheet` is that of the page, relative to the base path; the description's own builds on its colours. */
export function referenceRoutes(basePath: string, stylesheet: string | undefined): RouteModule {
  return (api) => {
    const config = { needs: 'look' } as const;
    const style = `${API.reference}/reference.css`;
    let description: Description | undefined;
    // Only when all routes are there can they be described.
    const describe = (): Description => {
      description ??= tidied(api.swagger()) as Description;
      return description;
    };
    api.get(
      API.openapi,
      {
        config,
        schema: { summary: 'This description, as OpenAPI 3.1', response: { 200: z.record(z.string(), z.unknown()) } },
      },
      async () => ({ ...describe() }),
    );
    api.get(
      API.reference,
      { config, schema: { summary: 'This description, to be read', hide: true } },
      async (_request, reply) => {
        const styles = [...(stylesheet === undefined ? [] : [stylesheet]), style.slice(1)];
        return reply.type('text/html; charset=utf-8').send(referencePage(describe(), basePath, styles));
      },
    );
    api.get(style, { config, schema: { summary: 'The style of it', hide: true } }, async (_request, reply) =>
      reply.type('text/css; charset=utf-8').send(REFERENCE_STYLE),
    );
  };
}
