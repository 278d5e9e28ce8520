/** A program in a process of its own, and what it prints. */
import { type ChildProcess, spawn } from 'node:child_process';
import { until } from '../../lab/until.js';

export class Printing {
  text = '';
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;

  constructor(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.process = spawn(program, args, {
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.text += chunk;
      });
    }
    this.exited = new Promise((resolve) => {
      this.process.once('error', (error) => {
        this.text += String(error);
        resolve(null);
      });
      this.process.once('exit', resolve);
    });
  }

  /** Waits until it has printed this, this many times. */
  async says(words: string, times = 1, limitMs = 15_000): Promise<void> {
    const isThere = () => this.text.split(words).length > times;
    await until(`"${words}" was printed ${times} times`, isThere, limitMs).catch((cause: unknown) => {
      throw new Error(`${String(cause)}\n${this.text}`, { cause });
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.process.kill(signal);
    return this.exited;
  }
}
