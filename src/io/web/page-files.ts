/**
 * The files of the built page, read once and kept in memory: some hundred kilobytes. No request ever reaches the file
 * system, so none can climb out of a folder. (@fastify/static would do, but what it is made of wants Node 22.)
 */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
  /** Only where it is smaller. */
  readonly gzipped: Buffer | undefined;
  readonly etag: string;
  /** The bundler puts a hash of the content into the name, so what has this name never changes. */
  readonly isHashed: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const HASHED_NAME = /-[A-Z0-9]{8}\.\w+$/;

/** By their paths, with slashes between; a folder that is not there has none. Links are not followed. */
export function readPageFiles(folder: string): Map<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of namesUnder(folder)) {
    const path = join(folder, name);
    if (lstatSync(path).isFile()) files.set(name.replaceAll(sep, '/'), pageFile(name, readFileSync(path)));
  }
  return files;
}

/** `name` decides the media type. */
export function pageFile(name: string, content: Buffer): PageFile {
  const gzipped = gzipSync(content, { level: 9 });
  return {
    type: TYPES[extname(name)] ?? 'application/octet-stream',
    content,
    gzipped: gzipped.length < content.length * 0.9 ? gzipped : undefined,
    etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
    isHashed: HASHED_NAME.test(name),
  };
}

function namesUnder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
