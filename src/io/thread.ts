/** A thread of this program beside the one that started it, by worker_threads: messages go both ways, in order, as copies. */

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

export interface ThreadListener<Heard> {
  readonly onMessage: (message: Heard) => void;
  /** It ended without being told to, by an error that nobody caught. Nothing is called after that. */
  readonly onFailed: (error: Error) => void;
}

/** What a thread finds when it begins. */
interface Given {
  readonly data: unknown;
  /** One 32-bit number, which rises with each message to the thread: it may rest by it. */
  readonly bell: SharedArrayBuffer;
}

export class Thread<Sent, Heard> {
  readonly #worker: Worker;
  readonly #bell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #isEnding = false;

  /** `program` is a compiled file, which finds `data` by `thisThread`. */
  constructor(program: URL, data: unknown, { onMessage, onFailed }: ThreadListener<Heard>) {
    this.#worker = new Worker(program, { workerData: { data, bell: this.#bell.buffer } satisfies Given });
    this.#worker.on('message', onMessage);
    const fail = (error: Error): void => {
      if (this.#isEnding) return;
      this.#isEnding = true;
      onFailed(error);
    };
    this.#worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', (code) => fail(new Error(`it ended with exit code ${code}`)));
  }

  post(message: Sent): void {
    this.#worker.postMessage(message);
    Atomics.add(this.#bell, 0, 1);
    Atomics.notify(this.#bell, 0);
  }

  /** Ends it at once, whatever it does. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#worker.terminate();
  }
}

/** The same from inside such a thread: what it was given, and the way to who started it. */
export interface OwnThread<Data, Sent, Heard> {
  readonly data: Data;
  readonly post: (message: Sent) => void;
  readonly onMessage: (listener: (message: Heard) => void) => void;
  /** Does nothing at all for so many ms, or until a message is sent to it. What else comes waits until then. */
  readonly rest: (ms: number) => void;
}

/** Throws outside of such a thread. */
export function thisThread<Data, Sent, Heard>(): OwnThread<Data, Sent, Heard> {
  const port = parentPort;
  if (isMainThread || port === null) throw new Error('This file is the program of a thread.');
  const { data, bell } = workerData as Given;
  const rung = new Int32Array(bell);
  let heard = 0;
  return {
    data: data as Data,
    post: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    rest: (ms) => {
      // What was sent since the last rest ends this one at once: better one rest too few than a message that waits.
      Atomics.wait(rung, 0, heard, ms);
      heard = Atomics.load(rung, 0);
    },
  };
}

const NS_PER_MS = 1e6;

/**
 * Where performance.now() of this thread has its zero, in ms on a clock that all threads share. Each counts from its own
 * beginning, and performance.timeOrigin is no help, since it is of the wall clock, which may be set in between.
 */
export function clockOriginMs(): number {
  return Number(process.hrtime.bigint()) / NS_PER_MS - performance.now();
}
