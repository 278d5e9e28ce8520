/** What this machine says of its files, folders and ports: who may read them, whether they can be written to, or listened at. */

import { access, constants, mkdtemp, rmdir, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  ENOTDIR: 'a part of the path is no folder',
  EROFS: 'the file system can only be read',
  ENOSPC: 'the disk is full',
};

/** The permission bits of a file; nothing when it cannot be looked at. */
export async function modeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mode }) => mode & 0o777,
    () => undefined,
  );
}

/** Why a folder cannot be written to, or, where it is not there yet, be made; nothing when it can. */
export async function whyNotWritable(folder: string): Promise<string | undefined> {
  try {
    const made = await mkdtemp(join(folder, '.check-'));
    await rmdir(made);
    return undefined;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return reasonOf(error);
  }
  const parent = dirname(folder);
  if (parent === folder) return 'there is no such folder';
  return (await isThere(parent)) ? whyNoFolderIn(parent) : whyNotWritable(parent);
}

/** Node's code for why nobody can listen at this TCP address now, such as `EADDRINUSE`; nothing when one can. */
export async function whyNoListener(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  const problem = await new Promise<string | undefined>((resolve) => {
    server.once('error', (error) => resolve(codeOf(error)));
    server.listen(port, host, () => resolve(undefined));
  });
  if (problem === undefined) await new Promise((resolve) => server.close(resolve));
  return problem;
}

async function whyNoFolderIn(parent: string): Promise<string | undefined> {
  try {
    if (!(await stat(parent)).isDirectory()) return REASONS.ENOTDIR;
    await access(parent, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => codeOf(error) !== 'ENOENT',
  );
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return REASONS[code] ?? code;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
}
