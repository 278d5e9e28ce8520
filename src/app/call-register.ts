/** The calls that are streamed, as far as the control side must know of them: the streams themselves are in the media plane. */

import type { StreamingOptions } from './call-streams.js';
import type { Tally } from './tally.js';

export interface RegisteredCall {
  readonly callid: string;
  /** Hz; it keeps what it began with. */
  readonly sampleRate: number;
  /** Also for those who join: what its participants say is not to be heard now. */
  isPaused: boolean;
}

export class CallRegister {
  readonly #tally: Tally;
  /** Those that take participants; one that is over is followed by another of its callid, should that come back. */
  readonly #calls = new Map<string, RegisteredCall>();
  #undelivered = 0;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /** Nothing waits to be delivered. */
  get isIdle(): boolean {
    return this.#undelivered === 0;
  }

  find(callid: string): RegisteredCall | undefined {
    return this.#calls.get(callid);
  }

  /** The call; begun with these options if there is none. */
  obtain(callid: string, { stream }: StreamingOptions): RegisteredCall {
    const present = this.#calls.get(callid);
    if (present !== undefined) return present;
    const call: RegisteredCall = { callid, sampleRate: stream.sampleRate, isPaused: false };
    this.#calls.set(callid, call);
    this.#undelivered += 1;
    this.#tally.calls.add(call);
    return call;
  }

  /** No participant will join any more; what it has is yet to be delivered. */
  end(callid: string): void {
    const call = this.#calls.get(callid);
    if (call === undefined) return;
    this.#calls.delete(callid);
    this.#tally.calls.delete(call);
  }

  /** All that one call gave is delivered, or given up. */
  delivered(): void {
    this.#undelivered -= 1;
  }
}
