/** Notices a thread that hangs for good, which no watchdog of the program's own thread would: it no longer answers. */

/** As long as systemd waits for a program that gives no sign (WatchdogSec). */
const LIMIT_LOOKS = 30;
const LOOK_EVERY_MS = 1000;

export class HangWatch {
  readonly #timer: NodeJS.Timeout;
  #isAsked = false;
  /** Looks are counted, not time: a program that was stopped as a whole has not hung. */
  #unanswered = 0;

  /** `ask` resolves with an answer; `onHang` is called once, when 30 looks in a row, one a second, found none. */
  constructor(ask: () => Promise<unknown>, onHang: () => void, everyMs = LOOK_EVERY_MS) {
    this.#timer = setInterval(() => {
      this.#unanswered = this.#isAsked ? this.#unanswered + 1 : 0;
      if (this.#unanswered === LIMIT_LOOKS) {
        this.stop();
        onHang();
      }
      if (!this.#isAsked) void this.#ask(ask);
    }, everyMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #ask(ask: () => Promise<unknown>): Promise<void> {
    this.#isAsked = true;
    await ask();
    this.#isAsked = false;
  }
}
