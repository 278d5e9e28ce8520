/**
 * How many requests each address has sent, for @fastify/rate-limit, whose own store goes by the wall clock: set back by an hour,
 * that would hold up for an hour whoever has sent as many as a minute allows.
 */
import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit';

type Told = Parameters<FastifyRateLimitStore['incr']>[1];

interface Window {
  readonly begun: number;
  requests: number;
}

/** Addresses that are kept; the one that began first makes room. */
const MAX_ADDRESSES = 5_000;

export class RequestCounts implements FastifyRateLimitStore {
  readonly #clock: () => number;
  readonly #windows = new Map<string, Window>();

  /** The clock gives milliseconds and never steps. */
  constructor(_options: unknown, clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  incr(address: string, tell: Told, windowMs = 60_000): void {
    const now = this.#clock();
    const open = this.#windows.get(address);
    const isOver = open === undefined || now - open.begun >= windowMs;
    const window = isOver ? { begun: now, requests: 0 } : open;
    if (isOver) this.#begin(address, window);
    window.requests += 1;
    tell(null, { current: window.requests, ttl: windowMs - (now - window.begun) });
  }

  child(): RequestCounts {
    return new RequestCounts(undefined, this.#clock);
  }

  #begin(address: string, window: Window): void {
    this.#windows.delete(address);
    const [oldest] = this.#windows.keys();
    if (oldest !== undefined && this.#windows.size >= MAX_ADDRESSES) this.#windows.delete(oldest);
    this.#windows.set(address, window);
  }
}

/** As the plugin wants it to be handed over. */
export const REQUEST_COUNTS: FastifyRateLimitStoreCtor = RequestCounts;
