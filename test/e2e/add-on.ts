/** The product itself as a process of its own, run as an administrator runs it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AriLogin } from '../../lab/ari-http.js';
import type { Lab } from '../../lab/lab.js';
import { until } from '../../lab/until.js';
import type { ListeningReceiver } from './listening-receiver.js';

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** A part of the settings file, laid over another: objects are merged, all else replaces. */
export type SettingsPart = { readonly [key: string]: unknown };

/** What it needs of a lab: an Asterisk, and a folder for its files. */
export interface AddOnPlace {
  readonly pbx: { readonly ari: AriLogin };
  readonly folder: string;
}

let configs = 0;

export class AddOn {
  readonly lines: LogLine[] = [];
  /** All that it printed that was no line of its log. */
  text = '';
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;

  #file = '';
  #settings: SettingsPart = {};

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = new Promise((resolve) => child.once('exit', resolve));
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        const lines = `${rest}${chunk}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) this.#onLine(line);
      });
    }
  }

  /**
   * Starts it on a lab's PBX, streaming all extensions to the receiver unless the settings say else. `through` is a
   * command that runs it, such as nsenter(1).
   */
  static async start(
    lab: AddOnPlace,
    receiver: ListeningReceiver | undefined,
    changes: SettingsPart = {},
    through: readonly string[] = [],
  ): Promise<AddOn> {
    const { url, username, password } = lab.pbx.ari;
    const settings = merged(
      {
        asterisk: { url, username, password },
        media: { listen: '127.0.0.1:0' },
        monitoring: { listen: '127.0.0.1:0' },
        log: { format: 'json', level: 'debug' },
        stateDir: join(lab.folder, `state-${configs + 1}`),
        web: { listen: 'off' },
        streaming: {
          serverAddress: receiver?.address ?? 'ws://127.0.0.1:9/',
          sampleRate: 16000,
          subscriptions: { extensions: ['*'] },
        },
      },
      changes,
    );
    configs += 1;
    const file = join(lab.folder, `settings-${configs}.json`);
    await writeFile(file, JSON.stringify(settings));
    const addOn = AddOn.run(['start', '--config', file], {}, through);
    addOn.#file = file;
    addOn.#settings = settings;
    return addOn;
  }

  /** Starts it and waits until it sees the PBX's calls. */
  static async linked(lab: Lab, receiver: ListeningReceiver, changes: SettingsPart = {}): Promise<AddOn> {
    const addOn = await AddOn.start(lab, receiver, changes);
    await addOn.says('connected to Asterisk');
    return addOn;
  }

  static run(args: readonly string[], environment: NodeJS.ProcessEnv = {}, through: readonly string[] = []): AddOn {
    const env = { ...process.env, NODE_OPTIONS: '', ...environment };
    const [program = '', ...rest] = [...through, process.execPath, 'dist/src/main.js', ...args];
    return new AddOn(spawn(program, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Waits for a line of the log whose message contains this. */
  async says(words: string, limitMs?: number): Promise<LogLine> {
    return this.logs(`"${words}"`, ({ message }) => message.includes(words), limitMs);
  }

  /** Waits for a line of the log with this code, one of docs/errors.md. */
  async reports(code: string, limitMs?: number): Promise<LogLine> {
    return this.logs(code, (line) => line.code === code, limitMs);
  }

  /** Waits for a line of the log that is what is looked for. */
  async logs(what: string, isIt: (line: LogLine) => boolean, limitMs = 15_000): Promise<LogLine> {
    try {
      return await until(`the log has ${what}`, () => this.lines.find(isIt), limitMs);
    } catch (cause) {
      throw new Error(`${String(cause)}\n${this.output}`, { cause });
    }
  }

  /** All that it has printed so far. */
  get output(): string {
    return `${this.lines.map((line) => JSON.stringify(line)).join('\n')}\n${this.text}`;
  }

  /** Changes its settings file, and asks it to read that again. */
  async change(changes: SettingsPart, signal: 'SIGHUP' | 'SIGUSR2' = 'SIGHUP'): Promise<void> {
    this.#settings = merged(this.#settings, changes);
    await writeFile(this.#file, JSON.stringify(this.#settings));
    this.#child.kill(signal);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Its exit code, once it has ended by itself. */
  get exited(): Promise<number | null> {
    return this.#exited;
  }

  /** The UDP port on which it listens for RTP. */
  get rtpPort(): number {
    const line = this.lines.find(({ message }) => message === 'listening for RTP');
    return Number(String(line?.on).split(':').at(-1));
  }

  /** Where /metrics, /healthz and /readyz are, such as `http://127.0.0.1:9464`; it has said so by the time it is linked. */
  get monitoringUrl(): string {
    const line = this.lines.find(({ message }) => message.startsWith('monitoring on '));
    if (line === undefined) throw new Error(`It has not said where its monitoring listens.\n${this.output}`);
    return `http://${String(line.on)}`;
  }

  /** The address of its page, and the code in its log for the first account. */
  async page(): Promise<{ readonly address: string; readonly setupCode: string }> {
    const { page } = await this.says('the settings page is open');
    const { setupCode } = await this.logs('a set-up code', (line) => line.setupCode !== undefined);
    return { address: String(page), setupCode: String(setupCode) };
  }

  /** Sends it a signal, and waits for nothing. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#child.kill(signal);
    return this.#exited;
  }

  #onLine(line: string): void {
    try {
      this.lines.push(JSON.parse(line) as LogLine);
    } catch {
      this.text += `${line}\n`;
    }
  }
}

export function merged(base: SettingsPart, changes: SettingsPart): SettingsPart {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(changes)) {
    const old = result[key];
    result[key] = isPart(old) && isPart(value) ? merged(old, value) : value;
  }
  return result;
}

function isPart(value: unknown): value is SettingsPart {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
