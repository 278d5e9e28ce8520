/** Serves the page: its files as they are, and its index for every address that is one of the page's views. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type PageFile, pageFile, readPageFiles } from './page-files.js';
import { ApiFailure, type RouteModule } from './route.js';

const INDEX = 'index.html';
const NOT_BUILT =
  '<!doctype html>\n<html lang="en"><head><title>Audio Streaming</title></head><body><p>The page is not built: run <code>npm run build</code>. The API is there.</p></body></html>\n';

/** What the portal has of the page. */
export interface Page {
  readonly files: ReadonlyMap<string, PageFile>;
  readonly index: PageFile;
  /** Relative to the base path. */
  readonly stylesheet: string | undefined;
}

/** The index gets a `<base>` with the base path, so that it can name its files, and the API, relative to that. */
export function readPage(basePath: string, folder: string | undefined): Page {
  const files = folder === undefined ? new Map<string, PageFile>() : readPageFiles(folder);
  const html = files.get(INDEX)?.content.toString('utf8') ?? NOT_BUILT;
  files.delete(INDEX);
  return {
    files,
    index: pageFile(INDEX, Buffer.from(html.replace('<head>', `<head>\n    <base href="${basePath}/">`))),
    stylesheet: /<link rel="stylesheet" href="([^"]+)"/.exec(html)?.[1],
  };
}

export function pageRoutes(basePath: string, { files, index }: Page): RouteModule {
  return (api) => {
    const options = { schema: { summary: 'The page.', hide: true }, config: { needs: 'nothing' } } as const;
    if (basePath !== '') {
      // Without the slash the browser would take the last part of the base path for a file.
      api.get('/', { ...options, prefixTrailingSlash: 'no-slash' }, async (_request, reply) =>
        reply.redirect(`${basePath}/`, 308),
      );
    }
    api.get('/*', options, async (request, reply) => {
      const { '*': path = '' } = request.params as { '*'?: string };
      const file = files.get(path) ?? (isView(path) ? index : undefined);
      if (file === undefined) throw new ApiFailure(404, 'NOT_FOUND', 'There is nothing at this address.');
      return send(request, reply, file);
    });
  };
}

function send({ headers }: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
  const { type, content, gzipped, etag, isHashed } = file;
  void reply.headers({
    'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag,
    vary: 'accept-encoding',
  });
  if (headers['if-none-match'] === etag) return reply.code(304).send();
  void reply.type(type);
  if (gzipped === undefined || !/\bgzip\b/.test(headers['accept-encoding'] ?? '')) return reply.send(content);
  return reply.header('content-encoding', 'gzip').send(gzipped);
}

/** Views have plain names, files have an ending; and what lies under api or openapi is no view. */
function isView(path: string): boolean {
  return path === INDEX || /^(?!(?:api|openapi)(?:\/|$))[\w/-]*$/.test(path);
}
