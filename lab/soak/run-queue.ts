/**
 * Tells when the machine had no time for Asterisk: how long its threads were ready to run and had no processor (Linux counts
 * that in /proc/PID/task/TID/schedstat). A gap in a phone call at such a moment is nobody's fault.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Between two times one thread waited for so long, at least. */
interface Wait {
  /** Unix times in ms. */
  readonly from: number;
  readonly to: number;
  readonly ms: number;
}

const LOOK_EVERY_MS = 200;
/** What is shorter is every day's business: a frame is 20 ms. */
const TELLING_MS = 20;
const NS_PER_MS = 1_000_000;

export class RunQueue {
  readonly waits: Wait[] = [];
  readonly #pids: () => readonly number[];
  readonly #timer: NodeJS.Timeout;
  #waited: ReadonlyMap<string, number> = new Map();
  #lookedAt = Date.now();

  /** `pids` gives the processes that matter now. */
  constructor(pids: () => readonly number[]) {
    this.#pids = pids;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** The longest that one thread waited between two Unix times, in ms. */
  longestBetween(from: number, to: number): number {
    const between = this.waits.filter((wait) => wait.from <= to && wait.to >= from);
    return Math.max(0, ...between.map(({ ms }) => ms));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const waited = new Map(this.#pids().flatMap(waitedByThreads));
    const [from, to] = [this.#lookedAt, Date.now()];
    let longest = 0;
    for (const [thread, ns] of waited) {
      const before = this.#waited.get(thread);
      if (before !== undefined) longest = Math.max(longest, (ns - before) / NS_PER_MS);
    }
    if (longest >= TELLING_MS) this.waits.push({ from, to, ms: longest });
    this.#waited = waited;
    this.#lookedAt = to;
  }
}

/** By thread, in ns. Nothing where the kernel does not tell. */
function waitedByThreads(pid: number): [string, number][] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((tid): [string, number][] => {
      try {
        const [, waited = ''] = readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'latin1').split(' ');
        return [[`${pid}/${tid}`, Number(waited)]];
      } catch {
        return []; // It has ended meanwhile.
      }
    });
  } catch {
    return [];
  }
}
