/**
 * Lets a thread that does nothing but work packets off rest between two batches of them: to wake for each packet costs more
 * than the work on it, and some milliseconds are nothing beside the time that a fragment takes to fill.
 */

/** Blocks this thread for so many ms. */
export type Rest = (ms: number) => void;

/** From one batch's beginning to the next one's, in ms. */
export const BATCH_EVERY_MS = 4;
/** libuv reads so many datagrams at once, and looks after all else before it goes on: then more of them may be waiting. */
export const LARGEST_BATCH = 32;

export class BatchRest {
  readonly #rest: Rest;
  #datagrams = 0;
  #beganAt = 0;

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /** A datagram has been read. */
  note(): void {
    this.#datagrams += 1;
    if (this.#datagrams > 1) return;
    this.#beganAt = performance.now();
    setImmediate(this.#end);
  }

  readonly #end = (): void => {
    const left = BATCH_EVERY_MS - (performance.now() - this.#beganAt);
    const isAllRead = this.#datagrams < LARGEST_BATCH;
    this.#datagrams = 0;
    if (isAllRead && left > 0) this.#rest(left);
  };
}
