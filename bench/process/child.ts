/** A process of a benchmark: started, asked, and ended with certainty. Its output is kept for when something goes wrong. */
import { type ChildProcess, spawn } from 'node:child_process';
import { onProcessors } from './processors.js';
import type { Answer, Question } from './serve.js';

export interface ChildOptions {
  /** For messages. */
  readonly name: string;
  /** Node's own arguments, then the program and its arguments. */
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** It may use no others; all of them without it. */
  readonly processors?: readonly number[] | undefined;
  /** Hears each line of its standard output. */
  readonly onLine?: (line: string) => void;
}

/** How long an answer may take: setting up thousands of participants on a busy machine takes some seconds. */
const ANSWER_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 5_000;
/** So much of its last words is told. */
const KEPT_OUTPUT = 4_000;

const living = new Set<ChildProcess>();
// Whatever way we end, no child stays.
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

export class Child {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { settle: (answer: Answer) => void }>();
  readonly #exited: Promise<void>;
  #questions = 0;
  #output = '';
  #isStopping = false;

  constructor({ name, args, environment = {}, processors, onLine }: ChildOptions) {
    this.#name = name;
    const node = process.execPath;
    const [program, itsArgs] = processors === undefined ? [node, args] : onProcessors(processors, node, args);
    // Typed arrays pass only with the advanced serialization.
    const child = spawn(program, itsArgs, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
      env: { ...process.env, NODE_OPTIONS: '', ...environment },
    });
    living.add(child);
    this.#process = child;
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        living.delete(child);
        this.#onExit(`ended with ${signal ?? code}`);
        resolve();
      });
      child.once('error', (error) => {
        living.delete(child);
        this.#onExit(error.message);
        resolve();
      });
    });
    child.on('message', (answer: Answer) => this.#waiting.get(answer.id)?.settle(answer));
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = `${this.#output}${text}`.slice(-KEPT_OUTPUT);
        const lines = `${rest}${text}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) onLine?.(line);
      });
    }
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The last of what it has printed. */
  get output(): string {
    return this.#output;
  }

  /** Asks, and gives the answer. Rejects with the process's own words, or with how it ended. */
  async ask<Value = void>(name: string, argument?: unknown): Promise<Value> {
    const id = ++this.#questions;
    const answer = await new Promise<Answer>((resolve) => {
      const limit = setTimeout(
        () => resolve({ id, error: `did not answer "${name}" within ${ANSWER_LIMIT_MS} ms` }),
        ANSWER_LIMIT_MS,
      );
      const settle = (settled: Answer): void => {
        clearTimeout(limit);
        this.#waiting.delete(id);
        resolve(settled);
      };
      this.#waiting.set(id, { settle });
      if (this.#process.exitCode !== null || !this.#process.connected) settle({ id, error: 'has ended' });
      else this.#process.send({ id, name, argument } satisfies Question);
    });
    if (answer.error !== undefined) throw new Error(`The ${this.#name}: ${answer.error}\n${this.#output}`);
    return answer.value as Value;
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Asks it to end with this signal, and insists after a while. A second call gives the first one's end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#isStopping = true;
    this.#process.kill(signal);
    const patience = setTimeout(() => this.#process.kill('SIGKILL'), STOP_LIMIT_MS);
    await this.#exited;
    clearTimeout(patience);
  }

  #onExit(how: string): void {
    for (const [id, { settle }] of this.#waiting) settle({ id, error: this.#isStopping ? 'was stopped' : how });
  }
}
