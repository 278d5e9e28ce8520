/** A JSON file that others may read at any time: written beside its place, then renamed into it. */
import { open, rename, rm, stat, writeFile } from 'node:fs/promises';

/** Writes `value` so that a reader finds the old content or the new, never a part. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  const unfinished = `${path}.unfinished`;
  await writeFile(unfinished, `${JSON.stringify(value, undefined, 2)}\n`);
  await rename(unfinished, path);
}

/**
 * The same for a file that only its owner may read (0600), and that is on the disk when this resolves. When it rejects, the
 * old content stands, and nothing else is left.
 */
export async function writePrivateJsonFile(path: string, value: unknown): Promise<void> {
  const unfinished = `${path}.unfinished`;
  // One that a crash has left may have other rights, or other owners.
  await rm(unfinished, { force: true });
  const file = await open(unfinished, 'wx', 0o600);
  try {
    try {
      await file.writeFile(`${JSON.stringify(value, undefined, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    // On a full disk a part of it would only take room.
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Renames a file of an earlier run after the time of its last change, so that nothing overwrites it. Returns the new path. */
export async function setAside(path: string): Promise<string | undefined> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  // Colons are not allowed in file names everywhere.
  const time = found.mtime.toISOString().replaceAll(':', '-');
  const aside = path.replace(/(\.json)?$/, `-until-${time}$1`);
  await rename(path, aside);
  return aside;
}
