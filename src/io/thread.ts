/** A thread of this program beside the one that started it, by worker_threads: messages go both ways, in order, as copies. */

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

export interface ThreadListener<Heard> {
  readonly onMessage: (message: Heard) => void;
  /** It ended without being told to, by an error that nobody caught. Nothing is called after that. */
  readonly onFailed: (error: Error) => void;
}

export class Thread<Sent, Heard> {
  readonly #worker: Worker;
  #isEnding = false;

  /** `program` is a compiled file, which finds `data` by `thisThread`. */
  constructor(program: URL, data: unknown, { onMessage, onFailed }: ThreadListener<Heard>) {
    this.#worker = new Worker(program, { workerData: data });
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
}

/** Throws outside of such a thread. */
export function thisThread<Data, Sent, Heard>(): OwnThread<Data, Sent, Heard> {
  const port = parentPort;
  if (isMainThread || port === null) throw new Error('This file is the program of a thread.');
  return {
    data: workerData as Data,
    post: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
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
