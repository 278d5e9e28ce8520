/** One run: simulated participants, what is measured, and the receiver, each a process of its own, for some seconds. */
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../src/core/log.js';
import { loadResamplers } from '../../src/io/media/resamplers.js';
import { makeAuthority } from '../../test/certificates.js';
import { Child } from '../process/child.js';
import { verifySharedClock } from '../process/clock.js';
import { type Cost, costBetween } from '../process/cost.js';
import type { ProbeReading } from '../process/probe.js';
import { processorsFor } from '../process/processors.js';
import { completions, plainCompletions } from './completions.js';
import { type Arrivals, arrivals } from './delays.js';
import type { Pace } from './pacing.js';
import { fragmentMs, type MediaPath } from './path.js';
import type { SenderOptions, SentPackets } from './senders-words.js';
import type { ReceivedFragments, SinkCounts, SinkOptions } from './sinks-words.js';
import type { NewParticipants, SubjectFigures, SubjectOptions } from './subjects-words.js';

export type Subject = 'product' | 'floor';

export interface MediaRunOptions {
  readonly subject: Subject;
  readonly path: MediaPath;
  readonly participants: number;
  /** The program's `media.workers`. */
  readonly workers: number;
  /** Not measured: the compiler of JavaScript needs some seconds to see what is worth its while. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Where to put a CPU profile of the measured time. It costs something: such a run's figures are not to be used. */
  readonly profile?: string | undefined;
  /** Ends the run early. */
  readonly signal: AbortSignal;
}

export interface MediaRun {
  readonly subject: Subject;
  readonly cost: Cost;
  readonly sinkCpu: number;
  readonly senderCpu: number;
  /** Growth of the process since before its participants came, after a collection of garbage. */
  readonly grownOctets: number;
  readonly grownHeapOctets: number;
  /** The same while they speak, garbage and all. */
  readonly grownInUseOctets: number;
  readonly arrivals: Arrivals;
  readonly packets: { readonly sent: number; readonly received: number; readonly kernelDrops: number | undefined };
  readonly figures: SubjectFigures;
  readonly messageOctets: number;
  readonly connections: number;
  /** Processor time of the process to set up one connection more, in ms. */
  readonly connectMs: number;
  /** Version of TLS and cipher; nothing without TLS. */
  readonly cipher: string | undefined;
  readonly pace: Pace;
  /** Why this run is not to be used; undefined for a good one. */
  readonly invalid: string | undefined;
}

/** The participants begin in so many groups, during this share of the time that is not measured. */
const GROUPS = 20;
const BEGIN_SHARE = 0.5;
/** What is on its way when the sender ends still arrives. */
const LINGER_MS = 1_000;
const SPARE_SECONDS = 20;
const HOST = '127.0.0.1';
const IN_THREADS = new URL('../process/in-threads.js', import.meta.url).href;
const SILENT: Log = { error() {}, warn() {}, info() {}, debug() {}, isDebugEnabled: () => false };

export async function mediaRun(options: MediaRunOptions): Promise<MediaRun> {
  const { measured, others } = processorsFor(Math.max(1, options.workers)) ?? {};
  const sink = new Child({ name: 'receiver', args: [program('sink-main')], processors: others });
  const sender = new Child({ name: 'sender', args: [program('sender-main')], processors: others });
  const args = ['--import', IN_THREADS, program(`${options.subject}-main`)];
  const subject = new Child({ name: options.subject, args, processors: measured });
  try {
    return await measure(options, { sink, sender, subject });
  } finally {
    await Promise.all([subject.stop('SIGKILL'), sender.stop('SIGKILL'), sink.stop('SIGKILL')]);
  }
}

interface Processes {
  readonly sink: Child;
  readonly sender: Child;
  readonly subject: Child;
}

async function measure(options: MediaRunOptions, processes: Processes): Promise<MediaRun> {
  const { path, participants, workers, warmUpSeconds, seconds, profile, signal } = options;
  const { sink, sender, subject } = processes;
  for (const child of [sink, sender, subject]) await verifySharedClock(() => child.ask<number>('clock'));

  const capacity = Math.ceil(((warmUpSeconds + seconds + SPARE_SECONDS) * 1000) / fragmentMs(path));
  const authority = path.withoutTls === undefined ? undefined : makeAuthority();
  const sinkPort = await sink.ask<number>('open', {
    participants,
    capacity,
    isStamped: false,
    tls: authority?.issue(HOST),
  } satisfies SinkOptions);
  const senderOptions = { path: path.name, participants, seconds: warmUpSeconds + seconds, isStamped: false };
  const ports = await sender.ask<number[]>('open', senderOptions satisfies SenderOptions);
  const before = await subject.ask<ProbeReading>('lookCollected');
  await subject.ask('open', {
    path: path.name,
    workers,
    url: `${authority === undefined ? 'ws' : 'wss'}://${HOST}:${sinkPort}/`,
    ca: authority?.ca,
  } satisfies SubjectOptions);
  await subject.ask('watchLoop');

  // Calls begin one after the other: each finds the code a little more compiled, and what is done for each call every so many
  // seconds is not done for all of them at once.
  const groups = Math.min(GROUPS, participants);
  for (let group = 0; group < groups; group++) {
    const [from, to] = [group, group + 1].map((edge) => Math.floor((participants * edge) / groups)) as [number, number];
    const calls: NewParticipants = { from, ports: ports.slice(from, to) };
    await sender.ask('begin', { destinations: await subject.ask<number[]>('tap', calls), from });
    await pause((warmUpSeconds * 1000 * BEGIN_SHARE) / groups, undefined, { signal });
  }
  await pause(warmUpSeconds * 1000 * (1 - BEGIN_SHARE), undefined, { signal });
  if (profile !== undefined) await subject.ask('profile');
  await sender.ask('judge');
  const first = await lookAt(processes);
  await pause(seconds * 1000, undefined, { signal });
  const last = await lookAt(processes);
  if (profile !== undefined) await subject.ask('endProfile', profile);
  // The pace is that of the measured time: what follows holds everybody up.
  const sent = await sender.ask<SentPackets>('end');
  await pause(LINGER_MS);
  const after = await subject.ask<ProbeReading>('lookCollected');
  const [figures, counts, received] = [
    await subject.ask<SubjectFigures>('figures'),
    await sink.ask<SinkCounts>('counts'),
    await sink.ask<ReceivedFragments>('fragments'),
  ];
  const connectMs = await subject.ask<number>('connect');
  const window = { from: first.subject.atMs, to: last.subject.atMs };
  const found = arrivals(sent, received, completedBy(options, sent), window);
  const packetsSent = sent.counts.reduce((sum, count) => sum + count, 0);
  const strange = counts.strange + found.impossible;
  return {
    subject: options.subject,
    cost: costBetween(first.subject, last.subject),
    sinkCpu: costBetween(first.sink, last.sink).cpu,
    senderCpu: costBetween(first.sender, last.sender).cpu,
    grownOctets: after.rssOctets - before.rssOctets,
    grownHeapOctets: after.heapOctets + after.externalOctets - before.heapOctets - before.externalOctets,
    grownInUseOctets: last.subject.rssOctets - before.rssOctets,
    arrivals: found,
    packets: { sent: packetsSent, received: figures.received, kernelDrops: figures.kernelDrops },
    figures,
    messageOctets: counts.messages === 0 ? 0 : counts.octets / counts.messages,
    connections: counts.connections,
    connectMs,
    cipher: counts.cipher,
    pace: sent.pace,
    invalid: sent.invalid ?? (strange > 0 ? `${strange} messages were not what was expected` : undefined),
  };
}

async function lookAt({ sink, sender, subject }: Processes) {
  const [ofSubject, ofSink, ofSender] = await Promise.all(
    [subject, sink, sender].map((child) => child.ask<ProbeReading>('look')),
  );
  if (ofSubject === undefined || ofSink === undefined || ofSender === undefined) throw new Error('unreachable');
  return { subject: ofSubject, sink: ofSink, sender: ofSender };
}

function completedBy({ subject, path }: MediaRunOptions, sent: SentPackets): number[] {
  const packets = Math.max(0, ...sent.counts);
  if (subject === 'floor') return plainCompletions(path, packets);
  return completions(path, packets, loadResamplers(SILENT));
}

function program(name: string): string {
  return fileURLToPath(new URL(`./${name}.js`, import.meta.url));
}
