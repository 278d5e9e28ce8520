/** The process of a lab's Asterisk itself, whatever namespaces it runs in: to be measured, stopped and let run on. */
import { join } from 'node:path';
import { processWith } from '../linux-process.js';
import type { AsteriskInstance } from './instance.js';
import { FOLDERS } from './instance-files.js';

/** As this machine numbers it; the same after `core restart now`. Throws when there is none. */
export function pidOf({ name, runDir }: Pick<AsteriskInstance, 'name' | 'runDir'>): number {
  const pid = processWith('asterisk', join(runDir, FOLDERS.etc, 'asterisk.conf'));
  if (pid === undefined) throw new Error(`The process of Asterisk "${name}" is not found`);
  return pid;
}

/** Stops it as a machine that swaps, or is moved to another host, does; gives what lets it go on. */
export function stopProcess(asterisk: AsteriskInstance): () => void {
  const pid = pidOf(asterisk);
  process.kill(pid, 'SIGSTOP');
  return () => void process.kill(pid, 'SIGCONT');
}
