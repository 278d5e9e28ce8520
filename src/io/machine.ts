/** What this machine says of its files, folders and ports: who may read them, whether they can be written to, or listened at. */

import { access, constants, mkdtemp, readFile, rmdir, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileProblemOf } from './file-problem.js';

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
    if (codeOf(error) !== 'ENOENT') return fileProblemOf(error);
  }
  const parent = dirname(folder);
  if (parent === folder) return 'there is no such folder';
  return (await isThere(parent)) ? whyNoFolderIn(parent) : whyNotWritable(parent);
}

/** How many files and connections this program may have open, by proc_pid_limits(5); nothing on other systems than Linux. */
export async function descriptorLimit(): Promise<number | undefined> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const [, soft] = /^Max open files\s+(\d+|unlimited)/m.exec(limits) ?? [];
  if (soft === undefined) return undefined;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
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
    if (!(await stat(parent)).isDirectory()) return fileProblemOf({ code: 'ENOTDIR' });
    await access(parent, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return fileProblemOf(error);
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => codeOf(error) !== 'ENOENT',
  );
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
}
