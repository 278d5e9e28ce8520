/** Whether what must outlast a restart can be saved. The log says once that it cannot, and why, and once that it can again. */

import { StreamError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { fileProblemOf } from '../io/file-problem.js';
import { whyNotWritable } from '../io/machine.js';

/** What is saved there. On a disk that is nearly full a small file may find room where a larger one does not. */
export type Saved = 'settings' | 'accounts' | 'audit trail';

export class StateFolder {
  readonly #path: string;
  readonly #log: Log;
  /** What could not be saved the last time that it was tried. */
  readonly #failing = new Set<Saved | 'folder'>();
  #failures = 0;

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
  }

  /** Looks whether the folder can be written to, so that the log says it before somebody wants to save. */
  async look(): Promise<void> {
    const problem = await whyNotWritable(this.#path);
    if (problem !== undefined) this.#failedBecause('folder', problem);
  }

  /** Does what saves it, and hears of what comes of that. */
  async saving(what: Saved, save: () => Promise<void>): Promise<void> {
    try {
      await save();
    } catch (error) {
      this.failed(what, error);
      throw error;
    }
    this.worked(what);
  }

  failed(what: Saved, error: unknown): void {
    this.#failedBecause(what, fileProblemOf(error));
  }

  worked(what: Saved): void {
    if (this.#failing.size === 0) return;
    this.#failing.delete('folder');
    this.#failing.delete(what);
    if (this.#failing.size > 0) return;
    this.#log.info('what is saved is kept again', { stateDir: this.#path, failures: this.#failures });
    this.#failures = 0;
  }

  #failedBecause(what: Saved | 'folder', problem: string): void {
    const isNews = this.#failing.size === 0;
    this.#failing.add(what);
    this.#failures += 1;
    const { code, message } = new StreamError('STATE_NOT_WRITABLE', 'machine', `${this.#path}: ${problem}`);
    const words = `${message}. Calls stream on; what is changed on the page is refused, and the audit trail waits`;
    this.#log[isNews ? 'error' : 'debug'](words, { code, what });
  }
}
