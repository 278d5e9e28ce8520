/** What Linux tells of a process from outside, by /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';

/** Hundredths of a second (USER_HZ), in which Linux counts processor time. */
const TICKS_PER_SECOND = 100;
/** Of /proc/PID/stat behind the command's name, which may hold blanks; proc_pid_stat(5). */
const USER_FIELD = 11;
const SYSTEM_FIELD = 12;

export interface ProcessFigures {
  /** User and system time of all its threads since its start, in seconds. */
  readonly cpuSeconds: number;
  /** Memory that is resident, in bytes. */
  readonly rss: number;
  /** Open files, sockets included. */
  readonly handles: number;
}

/** Undefined when the process is gone. */
export function figuresOf(pid: number): ProcessFigures | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    return {
      cpuSeconds: (Number(fields[USER_FIELD]) + Number(fields[SYSTEM_FIELD])) / TICKS_PER_SECOND,
      rss: kilobytes * 1024,
      handles: readdirSync(`/proc/${pid}/fd`).length,
    };
  } catch {
    return undefined;
  }
}

/** The niceness of each of its threads. */
export function nicenessOfThreads(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => getPriority(Number(thread)));
}

/** The process whose program is named `program` and that has this among its arguments; undefined when there is none. */
export function processWith(program: string, argument: string): number | undefined {
  const pid = readdirSync('/proc').find((name) => {
    if (!/^\d+$/.test(name)) return false;
    const [own = '', ...args] = commandOf(name);
    return (own === program || own.endsWith(`/${program}`)) && args.includes(argument);
  });
  return pid === undefined ? undefined : Number(pid);
}

function commandOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
