/** The whole program as an administrator runs it, with a probe in it that tells what it costs. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AriLogin } from '../../lab/ari-http.js';
import { projectRoot } from '../../lab/project-root.js';
import { until } from '../../lab/until.js';
import { METRICS_PREFIX } from '../../src/io/monitoring/metrics-table.js';
import { merged, type SettingsPart } from '../../test/e2e/add-on.js';
import { Child } from '../process/child.js';
import type { ProbeReading } from '../process/probe.js';

const START_LIMIT_MS = 30_000;
const KEPT_LINES = 200;

export interface AddOnOptions {
  readonly ari: AriLogin;
  /** Where its settings and its state go. */
  readonly folder: string;
  /** The receiver's address. */
  readonly url: string;
  readonly settings?: SettingsPart;
}

interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

let runs = 0;

export class BenchAddOn {
  readonly child: Child;
  /** Warnings and errors of its log. */
  readonly complaints: LogLine[] = [];
  readonly #lines: LogLine[] = [];

  private constructor(file: string) {
    const preload = new URL('../process/preload.js', import.meta.url).href;
    const main = join(projectRoot(), 'dist', 'src', 'main.js');
    this.child = new Child({
      name: 'add-on',
      args: ['--import', preload, main, 'start', '--config', file],
      onLine: (line) => this.#onLine(line),
    });
  }

  /** Resolves when it is connected to Asterisk; it streams all extensions at 8 kHz unless the settings say else. */
  static async start({ ari, folder, url, settings = {} }: AddOnOptions): Promise<BenchAddOn> {
    runs += 1;
    const file = join(folder, `bench-add-on-${runs}.json`);
    const base: SettingsPart = {
      asterisk: { url: ari.url, username: ari.username, password: ari.password },
      media: { listen: '127.0.0.1:0' },
      monitoring: { listen: '127.0.0.1:0' },
      log: { format: 'json', level: 'info' },
      stateDir: join(folder, `bench-state-${runs}`),
      web: { listen: 'off' },
      streaming: { serverAddress: url, sampleRate: 8000, subscriptions: { extensions: ['*'] } },
    };
    await writeFile(file, JSON.stringify(merged(base, settings)));
    const addOn = new BenchAddOn(file);
    try {
      await addOn.says('connected to Asterisk');
    } catch (error) {
      await addOn.stop();
      throw error;
    }
    return addOn;
  }

  /** The first line of its log with such a message; it must come. */
  async says(message: string): Promise<LogLine> {
    return this.logs(`"${message}"`, (line) => line.message.includes(message));
  }

  /** The first line of its log that is what is looked for; it must come. */
  async logs(what: string, isIt: (line: LogLine) => boolean): Promise<LogLine> {
    try {
      return await until(`the add-on's log has ${what}`, () => this.#lines.find(isIt), START_LIMIT_MS);
    } catch (cause) {
      throw new Error(`${String(cause)}\n${this.child.output}`, { cause });
    }
  }

  async look(): Promise<ProbeReading> {
    return this.child.ask<ProbeReading>('look');
  }

  /** All series whose names begin so, by name and labels. */
  async metrics(name: string): Promise<ReadonlyMap<string, number>> {
    const { on } = await this.says('monitoring on ');
    const text = await (await fetch(`http://${String(on)}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line.startsWith(`${METRICS_PREFIX}${name}`));
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
  }

  /** The sum of those. */
  async metric(name: string): Promise<number> {
    return [...(await this.metrics(name)).values()].reduce((sum, value) => sum + value, 0);
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }

  #onLine(text: string): void {
    let line: LogLine;
    try {
      line = JSON.parse(text) as LogLine;
    } catch {
      return;
    }
    if (line.level === 'warn' || line.level === 'error') this.complaints.push(line);
    // What is asked for comes early; a long run has many more.
    if (this.#lines.length < KEPT_LINES) this.#lines.push(line);
  }
}

/** Where the processes of the media benchmarks are, such as `sink-main`. */
export function mediaProgram(name: string): string {
  return fileURLToPath(new URL(`../media/${name}.js`, import.meta.url));
}
