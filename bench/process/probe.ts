/** What a process under test costs, measured inside it: its own processor time and memory, and what each of its threads tells. */
import { setTimeout as pause } from 'node:timers/promises';
import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';
import { sharedMs } from './clock.js';
import type { Answers } from './serve.js';
import { type ThreadReading, threadProbe } from './thread-probe.js';

/**
 * Sums since the process began, of all threads. The event loop's delay is that of the audio's way: the worst of the threads
 * beside the main one, and the main one's where there are none.
 */
export interface ProbeReading extends ThreadReading {
  /** On the shared clock. */
  readonly atMs: number;
  readonly userMs: number;
  readonly systemMs: number;
  readonly rssOctets: number;
}

type Probed = keyof typeof threadProbe;
interface ToThread {
  readonly to: number;
  readonly id: number;
  readonly name: Probed;
  readonly argument: unknown;
}
interface FromThread {
  readonly from: number;
  readonly id: number;
  readonly value: unknown;
}

/** Of the threads of this process. */
const CHANNEL = 'ari-audio-stream bench';
/** A thread's own word that it is there bears this number. */
const HERE = 0;
/** V8 sweeps what it has collected, and gives it back, in the background. */
const SWEEPING_MS = 500;

const threads = new Set<number>();
const waiting = new Map<number, (value: unknown) => void>();
let asked = 0;
const channel = new BroadcastChannel(CHANNEL);
channel.onmessage = (event) => {
  const { data } = event as { readonly data: ToThread | FromThread };
  if (isMainThread && 'from' in data) hear(data);
  if ('to' in data && data.to === threadId) void answer(data);
};
// It keeps no thread that has nothing else to do.
channel.unref();
if (!isMainThread) tell(HERE, undefined);

export const probe: Answers = {
  clock: sharedMs,
  look: () => reading(),
  /** Memory without what is merely not collected yet, in any thread. */
  lookCollected: async () => {
    await Promise.all([threadProbe.collect(), ...ofOtherThreads('collect')]);
    await pause(SWEEPING_MS);
    return reading();
  },
  /** From now on a look tells the delay of the audio's event loops. */
  watchLoop: () => (threads.size > 0 ? Promise.all(ofOtherThreads('watchLoop')) : threadProbe.watchLoop()),
  /** Of the first thread that the audio has of its own, or else of the main one. */
  profile: () => ofFirstThread('profile', undefined),
  endProfile: (file: string) => ofFirstThread('endProfile', file),
};

async function reading(): Promise<ProbeReading> {
  const others = await Promise.all(ofOtherThreads('look'));
  const all = [threadProbe.look(), ...(others as ThreadReading[])];
  const sum = (value: (one: ThreadReading) => number): number => all.reduce((total, one) => total + value(one), 0);
  const worst = (value: (one: ThreadReading) => number): number =>
    Math.max(...all.slice(all.length > 1 ? 1 : 0).map(value));
  const { user, system } = process.cpuUsage();
  return {
    atMs: sharedMs(),
    userMs: user / 1000,
    systemMs: system / 1000,
    gcMs: sum(({ gcMs }) => gcMs),
    rssOctets: process.memoryUsage.rss(),
    heapOctets: sum(({ heapOctets }) => heapOctets),
    externalOctets: sum(({ externalOctets }) => externalOctets),
    loopDelay: {
      p50: worst(({ loopDelay }) => loopDelay.p50),
      p99: worst(({ loopDelay }) => loopDelay.p99),
      max: worst(({ loopDelay }) => loopDelay.max),
    },
  };
}

function ofFirstThread(name: 'profile' | 'endProfile', argument: unknown): unknown {
  const [first] = threads;
  return first === undefined ? threadProbe[name](argument as never) : ofThread(first, name, argument);
}

function ofOtherThreads(name: 'look' | 'collect' | 'watchLoop'): Promise<unknown>[] {
  return [...threads].map((thread) => ofThread(thread, name, undefined));
}

function ofThread(to: number, name: Probed, argument: unknown): Promise<unknown> {
  asked += 1;
  const id = asked;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    channel.postMessage({ to, id, name, argument } satisfies ToThread);
  });
}

function hear({ from, id, value }: FromThread): void {
  if (id === HERE) threads.add(from);
  waiting.get(id)?.(value);
  waiting.delete(id);
}

async function answer({ id, name, argument }: ToThread): Promise<void> {
  tell(id, await threadProbe[name](argument as never));
}

function tell(id: number, value: unknown): void {
  channel.postMessage({ from: threadId, id, value } satisfies FromThread);
}
