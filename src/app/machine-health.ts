/** Whether this machine has what a new connection takes. The log says once that it has not, and once that it has again. */

import { StreamError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { hasDescriptors } from '../io/machine-shortage.js';
import { monotonicMs } from './drive.js';

const LOOK_EVERY_MS = 1000;
/** What the taps and the connections of some new calls take at once: less would only be the next shortage. */
const ROOM = 32;
/** A machine at its limit is short every now and then; the log says so only this often. */
const REMIND_EVERY_MS = 60_000;

interface Shortage {
  readonly code: string;
  readonly isSaid: boolean;
  readonly over: Promise<void>;
  failures: number;
}

export class MachineHealth {
  readonly #log: Log;
  readonly #isRelieved: () => boolean;
  #shortage: Shortage | undefined;
  #saidAt = Number.NEGATIVE_INFINITY;

  /** `isRelieved` says whether there is room again, when it is not the machine that is asked. */
  constructor(log: Log, isRelieved: () => boolean = () => hasDescriptors(ROOM)) {
    this.#log = log;
    this.#isRelieved = isRelieved;
  }

  get isShort(): boolean {
    return this.#shortage !== undefined;
  }

  /** Something could not be done; what is not the machine's fault is nothing here. */
  failed(error: unknown): void {
    if (!isShortage(error)) return;
    this.#shortage ??= this.#begin(error);
    this.#shortage.failures += 1;
  }

  /** Resolves when there is no shortage, or no longer: at once, mostly. */
  async relieved(): Promise<void> {
    await this.#shortage?.over;
  }

  #begin({ code, message }: StreamError): Shortage {
    const isSaid = monotonicMs() - this.#saidAt >= REMIND_EVERY_MS;
    this.#log[isSaid ? 'error' : 'debug'](`${message}. What streams goes on, and what is new waits.`, { code });
    if (isSaid) this.#saidAt = monotonicMs();
    return { code, isSaid, over: this.#untilRelieved(), failures: 0 };
  }

  async #untilRelieved(): Promise<void> {
    await new Promise<void>((resolve) => {
      const looking = setInterval(() => {
        if (!this.#isRelieved()) return;
        clearInterval(looking);
        resolve();
      }, LOOK_EVERY_MS);
      looking.unref();
    });
    const { code, failures, isSaid } = this.#shortage ?? {};
    this.#shortage = undefined;
    this.#log[isSaid ? 'info' : 'debug']('this machine has again what was missing', { shortage: code, failures });
  }
}

/** Whether only this machine is to blame: nothing of what was tried has reached anybody. */
export function isShortage(error: unknown): error is StreamError {
  return error instanceof StreamError && (error.code === 'NO_FILE_DESCRIPTORS' || error.code === 'NO_SOCKET_MEMORY');
}
