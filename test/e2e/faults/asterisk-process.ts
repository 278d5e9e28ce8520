/** Signals to the process of a lab's PBX itself, whatever namespaces it runs in. */
import { readdir, readFile } from 'node:fs/promises';
import type { AsteriskInstance } from '../../../lab/asterisk/instance.js';

/** The PBX's process as this machine numbers it; the same after `core restart now`. */
export async function pidOf({ runDir }: AsteriskInstance): Promise<number> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const words = (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const isAsterisk = words[0]?.endsWith('asterisk') && !words.includes('-rx');
    if (isAsterisk && words.some((word) => word.startsWith(`${runDir}/`))) return Number(name);
  }
  throw new Error(`No Asterisk runs in ${runDir}`);
}

/** Stops it as a machine that swaps, or is moved to another host, does; gives what lets it go on. */
export async function stopProcess(asterisk: AsteriskInstance): Promise<() => void> {
  const pid = await pidOf(asterisk);
  process.kill(pid, 'SIGSTOP');
  return () => void process.kill(pid, 'SIGCONT');
}
