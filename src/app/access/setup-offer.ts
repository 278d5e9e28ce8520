/** The offer to become administrator: a code in the log, when there is none yet, or when somebody on the machine asks for it. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupCode } from '../../core/access/setup-code.js';
import type { Log } from '../../core/log.js';
import { isSameSecret, newSetupCode } from '../../io/access/random-secret.js';

interface SetupOfferOptions {
  readonly stateDir: string;
  readonly log: Log;
  readonly hasAdmin: () => boolean;
}

/** A file of this name in the state folder asks for a code: whoever may make it may do everything here anyway. */
export const RESET_FILE = 'reset-access';

export class SetupOffer {
  readonly #log: Log;
  readonly #hasAdmin: () => boolean;
  readonly #resetFile: string;
  readonly #code = new SetupCode();
  #text = '';
  /** Of the page; before it is known nothing is offered. */
  #address: string | undefined;

  constructor({ stateDir, log, hasAdmin }: SetupOfferOptions) {
    this.#log = log;
    this.#hasAdmin = hasAdmin;
    this.#resetFile = join(stateDir, RESET_FILE);
  }

  async announce(address: string, now: number): Promise<void> {
    this.#address = address;
    await this.renew(now);
  }

  isOpen(now: number): boolean {
    return this.#code.isValid(now);
  }

  /** Offers a code, if one is wanted and the last is no longer valid; withdraws one that is not wanted any more. */
  async renew(now: number): Promise<void> {
    if (this.#address === undefined) return;
    const isReset = this.#hasAdmin();
    if (isReset && !(await exists(this.#resetFile))) {
      this.#code.spend();
      return;
    }
    if (this.#code.isValid(now)) return;
    this.#text = newSetupCode();
    this.#code.issue(this.#text, now);
    const why = isReset ? `${RESET_FILE} was asked for` : 'no administrator yet';
    this.#log.warn(`${why}: open the page and set one up with this code`, {
      page: this.#address,
      setupCode: this.#text,
    });
  }

  /** Whether it is the code; it can't be taken a second time. */
  take(typed: string, now: number): boolean {
    const isRight = this.#code.accepts(typed, now, isSameSecret);
    if (isRight) this.#code.spend();
    return isRight;
  }

  /** It was taken, but nothing came of it. */
  giveBack(now: number): void {
    this.#code.issue(this.#text, now);
  }

  /** An administrator was made. */
  async done(): Promise<void> {
    this.#code.spend();
    await rm(this.#resetFile, { force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
