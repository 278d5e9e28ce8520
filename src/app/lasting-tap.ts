/** The tap of one channel for as long as the channel lives: one that fails, or is deaf, is followed by another. */

import type { Channel } from '../core/call/channel.js';
import { TapTries } from '../core/call/tap-tries.js';
import { StreamError } from '../core/errors.js';
import type { TapTrace } from '../core/monitoring/tap-trace.js';
import type { LivingTaps } from './living-taps.js';
import type { Tally } from './tally.js';
import { Tap } from './tap.js';

export interface LastingTapOptions {
  readonly channel: Channel;
  /** Its taps are among these while they live. */
  readonly taps: LivingTaps;
  readonly tally: Tally;
}

export class LastingTap {
  readonly #options: LastingTapOptions;
  readonly #onTap: (serial: number) => void;
  #tap: Tap | undefined;
  /** The serial number of the tap that counts; one before it may still be on its way out. */
  #serial = 0;
  #trace: TapTrace | undefined;
  #tries = new TapTries();
  #nextTry: NodeJS.Timeout | undefined;
  #isEnding = false;
  #callid: string | undefined;

  /** `onTap` is told the serial number of the tap that counts from now on, before that one hears anything. */
  constructor(options: LastingTapOptions, onTap: (serial: number) => void) {
    this.#options = options;
    this.#onTap = onTap;
    this.#make();
  }

  /** What it hears goes to this call from now on. */
  streamsIn(callid: string): void {
    this.#callid = callid;
    this.#trace?.step('streaming', callid);
  }

  /** It is deaf from now on: another takes its place. */
  makeAnew(): void {
    if (this.#isEnding) return;
    this.#tries = new TapTries();
    const deaf = this.#tap;
    this.#make();
    deaf?.release();
  }

  /** There is a link again: a tap that waits for it is made, and one whose events were lost is made anew. */
  onLinked(): void {
    if (this.#tap === undefined || this.#tap.awaitsEvents) this.makeAnew();
  }

  /** The channel is about to go, or has gone: no other tap is made. */
  expectEnd(): void {
    this.#isEnding = true;
    clearTimeout(this.#nextTry);
  }

  /** Removes from Asterisk what is there. */
  release(): void {
    this.#tap?.release();
  }

  #make(): void {
    const { taps, channel, tally } = this.#options;
    clearTimeout(this.#nextTry);
    const serial = taps.nextSerial();
    let liveSince: number | undefined;
    const trace = tally.traces.begin({ channel: channel.name, tap: serial });
    if (this.#callid !== undefined) trace.step('streaming', this.#callid);
    this.#trace = trace;
    this.#serial = serial;
    this.#onTap(serial);
    // The plan's first orders go out from within the constructor; none of their answers can come before it returns.
    this.#tap = new Tap(taps.context, serial, channel, {
      onStep: (step) => {
        if (step === 'live') liveSince = performance.now();
        trace.step(step);
      },
      onOver: (failure) => {
        // What Asterisk ends together with its channel is no failure.
        trace.over(this.#isEnding ? undefined : failure);
        taps.onTap(serial, undefined);
        if (serial !== this.#serial) return;
        this.#tap = undefined;
        const liveMs = liveSince === undefined ? 0 : performance.now() - liveSince;
        if (failure !== undefined && !this.#isEnding) this.#tryAgain(failure, liveMs);
      },
    });
    taps.onTap(serial, this.#tap);
  }

  #tryAgain(failure: string, liveMs: number): void {
    const { taps, tally, channel } = this.#options;
    const { log, machine } = taps.context;
    const { name } = channel;
    tally.tapsFailed += 1;
    log.debug('tap ended; making another', { channel: name, failure });
    if (!taps.isLinked) return;
    if (machine?.isShort) {
      // No number of tries would help, and each would be one less for later.
      void machine.relieved().then(() => this.#makeIfWanted());
      return;
    }
    const { pauseMs, isToBeSaid } = this.#tries.failed(liveMs);
    if (isToBeSaid) {
      const error = new StreamError('TAP_FAILED', 'asterisk', `${name}: ${failure}`);
      log.error(error.message, { code: error.code, channel: name, triedAgainAfterSeconds: pauseMs / 1000 });
    }
    this.#nextTry = setTimeout(() => this.#make(), pauseMs);
  }

  #makeIfWanted(): void {
    if (!this.#isEnding && this.#tap === undefined) this.#make();
  }
}
