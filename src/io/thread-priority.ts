/** Which of this program's threads run first where more of them want to run than there are processors (nice, sched(7)). */

import { readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** As nice(1) counts: a third of the processor time of a thread beside it, which runs at once when it wakes. */
const GIVES_WAY = 5;
const LAST = 19;

/**
 * The threads that Node has started in this program by now, by the kernel's numbers: V8's for collecting garbage and compiling,
 * libuv's for files, names and passwords. Not the one that runs JavaScript: its number is `pid`. None on other systems than Linux.
 */
export function helperThreads(pid: number): number[] {
  try {
    return readdirSync('/proc/self/task')
      .map(Number)
      .filter((thread) => thread !== pid);
  } catch {
    return [];
  }
}

/** From now on these threads of this process give way to all others. That needs no right. */
export function giveWay(threads: readonly number[]): void {
  for (const thread of threads) {
    try {
      // Linux has a priority for each thread, although this function speaks of processes.
      setPriority(thread, Math.min(LAST, getPriority(thread) + GIVES_WAY));
    } catch {
      // It has ended, or a sandbox forbids this: then all are alike, as they were.
    }
  }
}
