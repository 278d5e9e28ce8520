/** What a busy system costs and loses in a stretch of time: the add-on's own figures, its share of a core, and arrivals. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { parsePrometheusText, type Scrape, sampleOf, seriesOf } from '../../prometheus-text.js';

const PREFIX = 'ari_audio_stream_';
/** Linux counts in hundredths of a second (USER_HZ). */
const TICKS_PER_SECOND = 100;
const DELAY_BUCKET = /fragment_delay_seconds_bucket\{le="([^"]+)"\}/;

/** At 8 kHz. */
export const FRAGMENT_MS = 80;
/** A fragment that comes so long after the one before is late: the next one is due by then. */
const LATE_MS = 2 * FRAGMENT_MS;

/** A receiver that keeps no audio: two hundred streams are to cost the test as little as can be. */
export class CountingReceiver {
  /** Fragments that came too long after the one before, of the same participant. */
  late = 0;
  fragments = 0;
  /** Gaps between two fragments of one participant, in ms. */
  gaps: number[] = [];
  readonly participants = new Set<string>();
  readonly #last = new Map<string, number>();
  readonly #server = createServer();

  get address(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async start(): Promise<this> {
    const sockets = new WebSocketServer({ server: this.#server });
    sockets.on('connection', (socket) => socket.on('message', (data) => this.#onMessage(String(data))));
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /** Counts from here on. */
  restart(): void {
    this.late = 0;
    this.fragments = 0;
    this.gaps = [];
  }

  #onMessage(text: string): void {
    const [, channelid] = /"channelid":"([^"]+)"/.exec(text) ?? [];
    if (channelid === undefined || text.includes('"status":"end"')) return;
    this.participants.add(channelid);
    const now = performance.now();
    const gap = now - (this.#last.get(channelid) ?? now);
    this.#last.set(channelid, now);
    this.fragments += 1;
    this.gaps.push(gap);
    if (gap > LATE_MS) this.late += 1;
  }
}

/** One look at the counters. */
interface Moment {
  readonly atMs: number;
  readonly cpuSeconds: number;
  readonly scrape: Scrape;
}

async function momentOf(pid: number, monitoringUrl: string): Promise<Moment> {
  const scrape = parsePrometheusText(await (await fetch(`${monitoringUrl}/metrics`)).text());
  return { atMs: performance.now(), cpuSeconds: await cpuSecondsOf(pid), scrape };
}

/** Processor time since its start, user and system, of a process with all its threads; see proc_pid_stat(5). */
async function cpuSecondsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** What lies between two moments. */
interface Stretch {
  readonly fragments: number;
  /** Given up for the receiver, packets that never came or came too late, and what the kernel dropped. */
  readonly lost: { readonly fragments: number; readonly packets: number };
  /** The add-on's own delay of a fragment, in ms: the mean, and the bound under which 99.9 % lie. */
  readonly delayMs: number;
  readonly delayMostMs: number;
  /** Of one core. */
  readonly cpuPercent: number;
}

function stretchOf(from: Moment, to: Moment): Stretch {
  const grown = (name: string) => sampleOf(to.scrape, `${PREFIX}${name}`) - sampleOf(from.scrape, `${PREFIX}${name}`);
  const grownAll = (name: string) => sum(to.scrape, name) - sum(from.scrape, name);
  const count = grown('fragment_delay_seconds_count');
  const bounds = seriesOf(to.scrape).flatMap((series) => {
    const [, bound] = DELAY_BUCKET.exec(series) ?? [];
    return bound === undefined ? [] : [{ bound: Number(bound.replace('+Inf', 'Infinity')), name: series }];
  });
  const most = bounds.find(({ name }) => sampleOf(to.scrape, name) - sampleOf(from.scrape, name) >= 0.999 * count);
  return {
    fragments: grown('fragments_sent_total'),
    lost: { fragments: grownAll('fragments_lost_total'), packets: grownAll('rtp_packets_lost_total') },
    delayMs: (1000 * grown('fragment_delay_seconds_sum')) / count,
    delayMostMs: 1000 * (most?.bound ?? Number.NaN),
    cpuPercent: (100_000 * (to.cpuSeconds - from.cpuSeconds)) / (to.atMs - from.atMs),
  };
}

export interface Measured extends Stretch {
  readonly received: number;
  readonly late: number;
  /** The gap between two fragments of a participant under which 99.9 % lie, in ms. */
  readonly gapMs: number;
}

export class Measuring {
  readonly #addOn: { readonly pid: number; readonly monitoringUrl: string };
  readonly #receiver: CountingReceiver;
  readonly #ms: number;

  /** Stretches last `ms` milliseconds. */
  constructor(addOn: { readonly pid: number; readonly monitoringUrl: string }, receiver: CountingReceiver, ms: number) {
    this.#addOn = addOn;
    this.#receiver = receiver;
    this.#ms = ms;
  }

  async stretch(): Promise<Measured> {
    const { pid, monitoringUrl } = this.#addOn;
    this.#receiver.restart();
    const from = await momentOf(pid, monitoringUrl);
    await pause(this.#ms);
    const stretch = stretchOf(from, await momentOf(pid, monitoringUrl));
    const { gaps, late, fragments: received } = this.#receiver;
    const inOrder = gaps.sort((one, other) => one - other);
    return { ...stretch, received, late, gapMs: inOrder[Math.floor(inOrder.length * 0.999)] ?? 0 };
  }
}

function sum(scrape: Scrape, name: string): number {
  const series = [...(scrape.get(`${PREFIX}${name}`)?.series.values() ?? [])];
  return series.reduce((total, value) => total + value, 0);
}
