/** What Linux tells of a process from outside. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessFigures {
  /** Memory that is resident, in bytes. */
  readonly rss: number;
  /** Open files, sockets included. */
  readonly handles: number;
}

/** Undefined when the process is gone. */
export function figuresOf(pid: number): ProcessFigures | undefined {
  try {
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    return { rss: kilobytes * 1024, handles: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
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
