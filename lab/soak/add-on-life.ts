/** One life of the product as a process of its own, from its start to its end, and what it says. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SampleRate } from '../../src/core/relay/protocol.js';
import { type Confined, runConfined } from '../asterisk/confined.js';
import { figuresOf, type ProcessFigures, processWith } from '../linux-process.js';
import { liveHeapOf } from '../live-heap.js';
import { projectRoot } from '../project-root.js';
import { until } from '../until.js';
import { LifeRecord, type LogLine } from './life-record.js';

export interface LifeOptions {
  /** Such as `life-3`. */
  readonly name: string;
  /** For its files. */
  readonly folder: string;
  /** Its settings, whole. */
  readonly settings: object;
  /** Hz of its streams. */
  readonly sampleRate: SampleRate;
  /** What it must not print. */
  readonly secret: string;
  /** Told each line that it prints. */
  readonly onLine: (line: string) => void;
}

const START_LIMIT_MS = 15_000;

export class AddOnLife {
  readonly name: string;
  readonly record: LifeRecord;
  /** Its exit code, or 128 and the signal, as a shell tells it. */
  readonly exited: Promise<number>;
  /** When it was started, on the clock that never steps. */
  readonly startedAt = performance.now();
  /** Set before it is told to end, so that an end that nobody wanted is known. */
  isWantedToEnd = false;
  hasEnded = false;
  /** How often it has said that it is connected to Asterisk. */
  links = 0;
  monitoringUrl: string | undefined;
  pageUrl: string | undefined;
  rtpPort: number | undefined;
  readonly #process: Confined;
  readonly #file: string;
  readonly #secret: string;
  readonly #onLine: (line: string) => void;
  #inspector: string | undefined;
  #pid = 0;

  private constructor({ name, sampleRate, secret, onLine }: LifeOptions, file: string) {
    this.name = name;
    this.#secret = secret;
    this.#file = file;
    this.#onLine = onLine;
    this.record = new LifeRecord(sampleRate);
    const main = `${projectRoot()}/dist/src/main.js`;
    const command = [process.execPath, '--inspect=127.0.0.1:0', main, 'start', '--config', file];
    this.#process = runConfined(command, 'none', 'pipe');
    const { stdout, stderr } = this.#process.process;
    for (const stream of [stdout, stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.#take(line));
    }
    this.exited = this.#process.exited.then(({ code }) => {
      this.hasEnded = true;
      return code ?? -1;
    });
  }

  /** Starts it, and waits until it runs; it need not have found Asterisk yet. */
  static async start(options: LifeOptions): Promise<AddOnLife> {
    const file = join(options.folder, `${options.name}.json`);
    await writeFile(file, JSON.stringify(options.settings));
    const life = new AddOnLife(options, file);
    await until(
      `${options.name} of the add-on runs`,
      () => life.hasEnded || (life.rtpPort !== undefined && life.monitoringUrl !== undefined),
      START_LIMIT_MS,
    );
    life.#pid = processWith('node', file) ?? 0;
    return life;
  }

  /** From now on these are in its settings file, for when it reads that. */
  async write(settings: object): Promise<void> {
    await writeFile(this.#file, JSON.stringify(settings));
  }

  signal(name: NodeJS.Signals): void {
    if (this.#pid !== 0 && !this.hasEnded) process.kill(this.#pid, name);
  }

  /** Ends it with a signal, and gives its exit code. */
  async end(name: 'SIGTERM' | 'SIGKILL'): Promise<number> {
    this.isWantedToEnd = true;
    this.signal(name);
    return this.exited;
  }

  /** Whatever state it is in, it is gone afterwards. */
  async destroy(): Promise<void> {
    this.isWantedToEnd = true;
    this.#process.kill();
    await this.exited;
  }

  figures(): ProcessFigures | undefined {
    return this.hasEnded ? undefined : figuresOf(this.#pid);
  }

  /** Bytes that it really holds; undefined when it does not answer. */
  async liveHeap(): Promise<number | undefined> {
    return this.#inspector === undefined || this.hasEnded ? undefined : liveHeapOf(this.#inspector);
  }

  #take(text: string): void {
    this.#onLine(text);
    if (text.includes(this.#secret)) this.record.problems.push('it printed the password of ARI');
    this.#inspector ??= /^Debugger listening on (ws:\S+)/.exec(text)?.[1];
    if (!text.startsWith('{')) return;
    const line = JSON.parse(text) as LogLine;
    this.record.take(line);
    if (line.message === 'connected to Asterisk') this.links += 1;
    if (line.message === 'listening for RTP') this.rtpPort = Number(String(line.on).split(':').at(-1));
    if (line.message.startsWith('monitoring on ')) this.monitoringUrl = `http://${String(line.on)}`;
    if (typeof line.page === 'string') this.pageUrl ??= line.page;
  }
}
