/** The folder of one lab, among the machine's temporary files. Its name tells the process that made it. */
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'ari-audio-stream-lab-';
/** An Asterisk that is just ending may still write into it. */
const REMOVAL = { recursive: true, force: true, maxRetries: 5 } as const;

export interface LabFolder {
  readonly path: string;
  /** The second call does nothing. */
  remove(): void;
}

/** Makes one, after removing those of labs that were killed. It goes with the process if not before. */
export async function makeLabFolder(): Promise<LabFolder> {
  for (const name of await readdir(tmpdir())) if (await isOrphaned(name)) await rm(join(tmpdir(), name), REMOVAL);
  const path = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const remove = (): void => {
    rmSync(path, REMOVAL);
    process.off('exit', remove);
  };
  process.once('exit', remove);
  return { path, remove };
}

/** Only what is this user's: that of others is theirs to remove. */
async function isOrphaned(name: string): Promise<boolean> {
  const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : 0;
  if (!(pid > 0) || isAlive(pid)) return false;
  const owner = await stat(join(tmpdir(), name)).then(
    ({ uid }) => uid,
    () => undefined, // Another start was quicker.
  );
  return owner === process.getuid?.();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
