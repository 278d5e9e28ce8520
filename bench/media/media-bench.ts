/** The media path against the floor: for each path and number of participants some pairs of runs, one right after the other. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../progress.js';
import { type TopFunction, topFunctions } from '../report/profile.js';
import { median, type PairedRatio, pairedRatio } from '../statistics.js';
import { type MediaRun, mediaRun, type Subject } from './media-run.js';
import type { MediaPath } from './path.js';

export interface MediaBenchOptions {
  readonly paths: readonly MediaPath[];
  readonly participants: readonly number[];
  /** The program's `media.workers`. */
  readonly workers: number;
  readonly rounds: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** A folder for CPU profiles, one of each path and number; none without it. */
  readonly profiles: string | undefined;
}

export interface MediaPair {
  readonly product: MediaRun;
  readonly floor: MediaRun;
  /** The program on the same path without TLS, where this one is with it. */
  readonly plain?: MediaRun | undefined;
}

/** Of one path and number; medians over the rounds, worst cases where it says so. */
export interface MediaResult {
  readonly path: string;
  readonly title: string;
  readonly participants: number;
  /** Program against floor, processor time. */
  readonly ratio: PairedRatio | undefined;
  /** With TLS against the same without it; undefined on a path without TLS. */
  readonly tls: TlsCost | undefined;
  /** Whether the senders kept their pace in all that is used; if not, nothing here is to be believed. */
  readonly isValid: boolean;
  /** Shares of one core for each participant. */
  readonly cpu: number;
  readonly user: number;
  readonly system: number;
  readonly floorCpu: number;
  /** Share of the program's processor time that is spent in pauses for garbage collection. */
  readonly gcShare: number;
  /** Growth for each participant, after a collection. */
  readonly rssOctets: number;
  readonly heapOctets: number;
  /** Growth for each participant while they speak, garbage and all. */
  readonly rssInUseOctets: number;
  /** ms; the worst round. */
  readonly loopDelayP99: number;
  readonly loopDelayMost: number;
  /** ms; the worst round. */
  readonly delay: { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number };
  readonly floorDelayP99: number;
  /** Of all rounds. */
  readonly lostPackets: number;
  readonly missingFragments: number;
  readonly pairs: readonly MediaPair[];
  readonly top: readonly TopFunction[] | undefined;
}

export interface TlsCost {
  /** Processor time, all of it. */
  readonly ratio: PairedRatio | undefined;
  /** Growth for each participant without TLS, after a collection. */
  readonly plainRssOctets: number;
  /** Processor time to set up one connection, in ms. */
  readonly connectMs: number;
  readonly plainConnectMs: number;
  readonly cipher: string;
}

/** Sockets that a process needs for each participant, at most, and for everything else. */
const FILES_EACH = 1;
const FILES_BESIDE = 100;

export async function mediaBench(options: MediaBenchOptions, progress: Progress): Promise<MediaResult[]> {
  await insistOnFiles(Math.max(...options.participants));
  const results: MediaResult[] = [];
  for (const path of options.paths) {
    for (const participants of options.participants) {
      const pairs: MediaPair[] = [];
      for (let round = 1; round <= options.rounds; round++) {
        progress.signal.throwIfAborted();
        const name = `${path.title}, ${participants} participants, round ${round} of ${options.rounds}`;
        progress.say(`media path: ${name} …`);
        const run = (subject: Subject, on = path) =>
          mediaRun({ ...options, subject, path: on, participants, signal: progress.signal });
        const plain = path.withoutTls === undefined ? undefined : await run('product', path.withoutTls);
        const pair = { plain, product: await run('product'), floor: await run('floor') };
        progress.say(`media path: ${name}: ${wordsOf(pair)}`);
        pairs.push(pair);
      }
      results.push(resultOf(path, participants, pairs, await profileOf(options, path, participants, progress)));
    }
  }
  return results;
}

/** Node raises the number of open files to the hard limit by itself; beyond that only an administrator can. */
async function insistOnFiles(participants: number): Promise<void> {
  const limits = await readFile('/proc/self/limits', 'latin1').catch(() => '');
  const most = Number(/^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  const needed = participants * FILES_EACH + FILES_BESIDE;
  if (most >= needed) return;
  throw new Error(
    `${participants} participants need ${needed} open files in one process, and ${most} are allowed (ulimit -Hn): raise that, or ask for fewer --participants.`,
  );
}

/** A run of its own: taking a profile costs something. */
async function profileOf(
  { profiles, ...options }: MediaBenchOptions,
  path: MediaPath,
  participants: number,
  progress: Progress,
): Promise<TopFunction[] | undefined> {
  if (profiles === undefined) return undefined;
  const profile = join(profiles, `media-${path.name}-${participants}.cpuprofile`);
  progress.say(`media path: ${path.title}, ${participants} participants: taking a CPU profile …`);
  progress.signal.throwIfAborted();
  await mediaRun({ ...options, subject: 'product', path, participants, profile, signal: progress.signal });
  return topFunctions(profile);
}

function wordsOf({ product, floor, plain }: MediaPair): string {
  const invalid = product.invalid ?? floor.invalid ?? plain?.invalid;
  const ratio = (product.cost.cpu / floor.cost.cpu).toFixed(2);
  const cpu = `${(100 * product.cost.cpu).toFixed(1)} % of a core, ${ratio} × the floor`;
  return invalid === undefined ? cpu : `${cpu} (INVALID: ${invalid})`;
}

export function resultOf(
  path: Pick<MediaPath, 'name' | 'title'>,
  participants: number,
  pairs: readonly MediaPair[],
  top?: readonly TopFunction[],
): MediaResult {
  const good = pairs.filter(
    ({ product, floor, plain }) => (product.invalid ?? floor.invalid ?? plain?.invalid) === undefined,
  );
  const used = good.length > 0 ? good : pairs;
  const products = used.map(({ product }) => product);
  const middle = (value: (run: MediaRun) => number): number => median(products.map(value));
  const worst = (value: (run: MediaRun) => number): number => Math.max(0, ...products.map(value));
  return {
    path: path.name,
    title: path.title,
    participants,
    ratio: pairedRatio(used.map(({ product, floor }) => [product.cost.cpu, floor.cost.cpu])),
    tls: tlsCostOf(used, participants),
    isValid: good.length > 0,
    cpu: middle(({ cost }) => cost.cpu) / participants,
    user: middle(({ cost }) => cost.user) / participants,
    system: middle(({ cost }) => cost.system) / participants,
    floorCpu: median(used.map(({ floor }) => floor.cost.cpu)) / participants,
    gcShare: middle(({ cost }) => cost.gc / cost.cpu),
    rssOctets: middle(({ grownOctets }) => grownOctets) / participants,
    heapOctets: middle(({ grownHeapOctets }) => grownHeapOctets) / participants,
    rssInUseOctets: middle(({ grownInUseOctets }) => grownInUseOctets) / participants,
    loopDelayP99: worst(({ cost }) => cost.loopDelayMs.p99),
    loopDelayMost: worst(({ cost }) => cost.loopDelayMs.max),
    delay: {
      p50: worst(({ arrivals }) => arrivals.delayMs.p50),
      p99: worst(({ arrivals }) => arrivals.delayMs.p99),
      p999: worst(({ arrivals }) => arrivals.delayMs.p999),
      max: worst(({ arrivals }) => arrivals.delayMs.max),
    },
    floorDelayP99: Math.max(0, ...used.map(({ floor }) => floor.arrivals.delayMs.p99)),
    lostPackets: products.reduce((sum, { packets }) => sum + packets.sent - packets.received, 0),
    missingFragments: products.reduce((sum, { arrivals }) => sum + arrivals.missing, 0),
    pairs,
    top,
  };
}

function tlsCostOf(pairs: readonly MediaPair[], participants: number): TlsCost | undefined {
  const both = pairs.flatMap(({ product, plain }) => (plain === undefined ? [] : [{ product, plain }]));
  if (both.length === 0) return undefined;
  return {
    ratio: pairedRatio(both.map(({ product, plain }) => [product.cost.cpu, plain.cost.cpu])),
    plainRssOctets: median(both.map(({ plain }) => plain.grownOctets)) / participants,
    connectMs: median(both.map(({ product }) => product.connectMs)),
    plainConnectMs: median(both.map(({ plain }) => plain.connectMs)),
    cipher: both[0]?.product.cipher ?? '',
  };
}
