/**
 * Gives what is measured processors of its own, and what loads it the others: neither then waits for the other, and the
 * receiver's waiting is not counted as the program's. Linux only, by taskset of util-linux.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Lists of processors as taskset takes them, and how many they are. */
export interface Processors {
  readonly measured: readonly number[];
  readonly others: readonly number[];
}

/** Undefined where there are not enough for both, or none can be given. */
export function processorsFor(wanted: number): Processors | undefined {
  const allowed = allowedProcessors();
  if (allowed.length <= wanted) return undefined;
  return { measured: allowed.slice(0, wanted), others: allowed.slice(wanted) };
}

/** A command and its arguments that runs a program on these processors alone, and then is that program. */
export function onProcessors(
  processors: readonly number[],
  program: string,
  args: readonly string[],
): [string, string[]] {
  return ['taskset', ['--cpu-list', processors.join(','), program, ...args]];
}

/** Of this process: a container may have fewer than the machine. */
function allowedProcessors(): number[] {
  if (spawnSync('taskset', ['--version']).status !== 0) return [];
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '';
  return parseProcessors(list);
}

/** `0-2,5` as the kernel writes lists. */
export function parseProcessors(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    if (from === undefined) return [];
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => Number(from) + index);
  });
}
