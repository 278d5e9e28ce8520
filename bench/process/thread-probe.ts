/** What the thread that loads this costs, measured inside it: garbage collection, heap, the delay of its event loop, and on request where its time goes. */
import { mkdir, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { dirname } from 'node:path';
import { type IntervalHistogram, monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';

/** Sums since the thread began, but for the event loop's delay, which is that since the last look, or 0 where nobody watches it. */
export interface ThreadReading {
  /** The pauses of garbage collection. */
  readonly gcMs: number;
  /** V8's heap in use, and what it keeps outside of it. */
  readonly heapOctets: number;
  readonly externalOctets: number;
  readonly loopDelay: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** The event loop is looked at this often. More often it would be the looks that keep a thread awake. */
const RESOLUTION_MS = 10;
const NS_PER_MS = 1_000_000;
const PROFILE_EVERY_US = 500;
/** A profile names files; where they lie would tell whose machine it is. */
const PROJECT = new URL('../../../', import.meta.url).href;

let gcMs = 0;
const collections = new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) gcMs += duration;
});
collections.observe({ entryTypes: ['gc'] });
let delay: IntervalHistogram | undefined;
let session: Session | undefined;

export const threadProbe = {
  look: (): ThreadReading => {
    const { heapUsed, external } = process.memoryUsage();
    // The histogram holds whole intervals, the wanted one included.
    const late = (ns = 0): number => Math.max(0, ns / NS_PER_MS - RESOLUTION_MS);
    const loopDelay = { p50: late(delay?.percentile(50)), p99: late(delay?.percentile(99)), max: late(delay?.max) };
    delay?.reset();
    return { gcMs, heapOctets: heapUsed, externalOctets: external, loopDelay };
  },
  /** Only who wants to know does this: it wakes the thread a hundred times a second. */
  watchLoop: (): void => {
    delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    delay.enable();
  },
  /** Collects all garbage, and has V8 give back the room for young objects that it has grown to. */
  collect: async (): Promise<void> => {
    const collecting = new Session();
    collecting.connect();
    await collecting.post('HeapProfiler.collectGarbage');
    collecting.disconnect();
  },
  profile: async (): Promise<void> => {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: PROFILE_EVERY_US });
    await session.post('Profiler.start');
  },
  endProfile: async (file: string): Promise<void> => {
    const ended = await session?.post('Profiler.stop');
    session?.disconnect();
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(ended?.profile).replaceAll(PROJECT, ''));
  },
};
