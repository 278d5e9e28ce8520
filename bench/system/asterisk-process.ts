/** The process of an Asterisk of the lab, and the processor time of it. It may be in namespaces of its own, so it is searched. */
import { readdir, readFile } from 'node:fs/promises';
import type { AsteriskInstance } from '../../lab/asterisk/instance.js';

/** Linux counts in hundredths of a second (USER_HZ). */
const TICKS_PER_SECOND = 100;
/** Of /proc/PID/stat behind the command's name; proc_pid_stat(5). */
const USER_FIELD = 11;
const SYSTEM_FIELD = 12;

/** The process id as we see it. Throws where there is none, or more than one. */
export async function asteriskPid({ runDir, name }: Pick<AsteriskInstance, 'runDir' | 'name'>): Promise<number> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
      const [program = '', ...args] = command.split('\0');
      return /(^|\/)asterisk$/.test(program) && args.some((arg) => arg.startsWith(`${runDir}/`)) ? [Number(pid)] : [];
    }),
  );
  const [pid, ...others] = found.flat();
  if (pid === undefined || others.length > 0) throw new Error(`The process of Asterisk "${name}" was not found.`);
  return pid;
}

/** Processor time since its start, user and system, of a process with all its threads, in seconds. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_FIELD]) + Number(fields[SYSTEM_FIELD])) / TICKS_PER_SECOND;
}
