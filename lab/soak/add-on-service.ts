/** The add-on as a service manager keeps it: started, ended and started again, one life after the other. */
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../until.js';
import type { LifeEnd } from './accounts.js';
import { AddOnLife, type LifeOptions } from './add-on-life.js';

/** The part of a life's options that is the same for all. */
export interface ServiceOptions extends Omit<LifeOptions, 'name' | 'settings' | 'onLine'> {
  /** The settings of a life, for all extensions or for those named. */
  readonly settingsOf: (life: string, extensions?: readonly string[]) => object;
  /** Told each line that a life prints. */
  readonly onLine: (life: string, line: string) => void;
}

export interface PastLife {
  readonly life: AddOnLife;
  readonly end: LifeEnd;
}

const LINK_LIMIT_MS = 60_000;
/** In order it ends within five seconds, and some on a busy machine. */
const END_LIMIT_MS = 15_000;
const RESTART_PAUSE_MS = 250;

export class AddOnService {
  readonly past: PastLife[] = [];
  /** What it did that nobody asked it for. */
  readonly problems: string[] = [];
  readonly #options: ServiceOptions;
  readonly #all: AddOnLife[] = [];
  #life: AddOnLife | undefined;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** The present life; undefined between two. */
  get life(): AddOnLife | undefined {
    return this.#life;
  }

  /** Every life so far, the one that is just ending too. */
  get lives(): readonly AddOnLife[] {
    return this.#all;
  }

  /** Starts it and waits until it sees Asterisk's calls, however long that is away. */
  async start(): Promise<void> {
    const name = `life-${this.#all.length + 1}`;
    const { settingsOf, onLine } = this.#options;
    const life = await AddOnLife.start({
      ...this.#options,
      name,
      settings: settingsOf(name),
      onLine: (line) => onLine(name, line),
    });
    this.#life = life;
    this.#all.push(life);
    void life.exited.then((code) => this.#onExit(life, code));
    await until(`${name} is connected to Asterisk`, () => life.links > 0 || life.hasEnded, LINK_LIMIT_MS);
  }

  /** Ends the present life, and begins the next one after so many ms. */
  async replace(signal: 'SIGTERM' | 'SIGKILL', downMs: number): Promise<void> {
    await this.end(signal);
    await pause(downMs);
    await this.start();
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    this.#life = undefined;
    const limit = pause(END_LIMIT_MS, undefined, { ref: false });
    const code = await Promise.race([life.end(signal), limit]);
    if (code === undefined) {
      this.problems.push(`${life.name} did not end within ${END_LIMIT_MS / 1000} s after ${signal}`);
      await life.destroy();
    } else if (signal === 'SIGTERM' && code !== 0) {
      this.problems.push(`${life.name} ended with exit code ${code} after ${signal}`);
    }
    this.past.push({ life, end: signal === 'SIGTERM' && code === 0 ? 'in-order' : 'killed' });
  }

  /** Has it read its settings again; `SIGUSR2` applies them to running calls, too. */
  async reload(signal: 'SIGHUP' | 'SIGUSR2', extensions?: readonly string[]): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    await life.write(this.#options.settingsOf(life.name, extensions));
    life.signal(signal);
  }

  /** Whatever there is, it is gone afterwards. */
  async destroy(): Promise<void> {
    await this.#life?.destroy();
  }

  /** It has ended by itself: that is told, and it is started again. */
  #onExit(life: AddOnLife, code: number): void {
    if (life.isWantedToEnd) return;
    this.problems.push(`${life.name} ended by itself, with exit code ${code}`);
    this.past.push({ life, end: 'killed' });
    this.#life = undefined;
    setTimeout(() => {
      if (this.#life === undefined) this.start().catch((error) => this.problems.push(String(error)));
    }, RESTART_PAUSE_MS);
  }
}
