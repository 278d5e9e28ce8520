/** Says in the log when Linux drops packets because the receive buffer is full: at once, and then every ten minutes at most. */

import { StreamError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { monotonicMs } from './drive.js';

export interface DropWatchOptions {
  /** Packets dropped since the start; nothing where it can't be learnt. */
  readonly drops: () => Promise<number | undefined>;
  /** What was asked for, and what the kernel granted: Linux reports twice the usable size. */
  readonly askedOctets: number;
  readonly grantedOctets: number;
  readonly log: Log;
}

const LOOK_EVERY_MS = 5000;
const REMIND_EVERY_MS = 600_000;

export class DropWatch {
  readonly #options: DropWatchOptions;
  readonly #looking: NodeJS.Timeout;
  #told = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(options: DropWatchOptions) {
    this.#options = options;
    this.#looking = setInterval(() => void this.#look(), LOOK_EVERY_MS);
    this.#looking.unref();
  }

  close(): void {
    clearInterval(this.#looking);
  }

  async #look(): Promise<void> {
    const { drops, askedOctets, grantedOctets, log } = this.#options;
    const now = monotonicMs();
    const total = (await drops()) ?? 0;
    if (total <= this.#told || now - this.#toldAt < REMIND_EVERY_MS) return;
    const advice =
      grantedOctets < askedOctets
        ? `give it more room: sysctl -w net.core.rmem_max=${askedOctets}, and restart`
        : 'something keeps this program from running: look for what else takes the CPU of this machine';
    const { code, message } = new StreamError('RTP_DROPPED', 'machine', `${total - this.#told}; ${advice}`);
    log.warn(message, { code, dropped: total, bufferOctets: grantedOctets });
    this.#told = total;
    this.#toldAt = now;
  }
}
