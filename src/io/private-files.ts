/** The files of the folder for state: for their owner only, also those that were there before with other rights. */
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** All files that this program keeps in its folder for state. */
export const STATE_FILES = ['settings.json', 'access.json', 'audit.jsonl', 'audit.jsonl.1', 'audit.jsonl.2'] as const;

const OTHERS = 0o077;
const OTHERS_MAY_WRITE = 0o022;
const STICKY = 0o1000;

export interface PrivateFiles {
  /** Files that others could read or change until now. */
  readonly mended: readonly string[];
  /** Files that others can read or change, and that this user may not change. */
  readonly open: readonly string[];
  /** Whether others can put files into the folder in the place of ours. */
  readonly isFolderOpen: boolean;
}

/**
 * Takes all rights to our files from everybody but their owner (0600). A folder that is there already is left as it is:
 * it may be anybody's, and others may need it.
 */
export async function keepPrivate(folder: string): Promise<PrivateFiles> {
  const mended: string[] = [];
  const stillOpen: string[] = [];
  for (const name of STATE_FILES) {
    const path = join(folder, name);
    const outcome = await closeToOthers(path);
    if (outcome === 'mended') mended.push(path);
    if (outcome === 'refused') stillOpen.push(path);
  }
  return { mended, open: stillOpen, isFolderOpen: await isOpenFolder(folder) };
}

/** Whether others can put files into this folder; nobody can into one that is not there. */
export async function isOpenFolder(folder: string): Promise<boolean> {
  const mode = await stat(folder).then(
    (found) => found.mode,
    () => 0,
  );
  return (mode & OTHERS_MAY_WRITE) !== 0 && (mode & STICKY) === 0;
}

/** A link is left alone: whoever made it may mean another's file. */
async function closeToOthers(path: string): Promise<'mended' | 'refused' | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const found = await file.stat();
    if (!found.isFile() || found.nlink !== 1 || (found.mode & OTHERS) === 0) return undefined;
    await file.chmod(0o600);
    return 'mended';
  } catch {
    return 'refused';
  } finally {
    await file.close();
  }
}
