/** Holds back whoever guesses passwords: after a few wrong ones every further try must wait, each longer than the last. */
import { networkOf } from './network.js';

interface Measure {
  /** So many wrong ones are free. */
  readonly free: number;
  /** The first pause; each further wrong one doubles it. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** One wrong one is forgotten in such a time. */
  readonly forgetMs: number;
}

interface Tries {
  /** Wrong ones so far, those left out that were forgotten. */
  count: number;
  countedAt: number;
  /** Until then no further try is looked at. */
  heldUntil: number;
}

/** Of one address: a pause may become long, since it hits nobody else. */
const OF_ADDRESS: Measure = { free: 5, firstPauseMs: 1_000, longestPauseMs: 900_000, forgetMs: 180_000 };
/** Of one account, from wherever: short enough that nobody can lock its owner out, and 2900 guesses a day find nothing. */
const OF_ACCOUNT: Measure = { free: 10, firstPauseMs: 1_000, longestPauseMs: 30_000, forgetMs: 30_000 };

/** Of each kind; the oldest make room. */
const MAX_ENTRIES = 10_000;
const MAX_KNOWN_PER_ACCOUNT = 20;

/**
 * Times are milliseconds on a monotonic clock. A try counts as wrong from its beginning, until it turns out to be right:
 * otherwise a hundred at once would all be looked at before the first is counted.
 */
export class SignInThrottle {
  readonly #addresses = new Map<string, Tries>();
  readonly #accounts = new Map<string, Tries>();
  /** From where the account was signed in to: there others' wrong tries do not hold its owner back. */
  readonly #known = new Map<string, Set<string>>();

  /** Begins a try. Returns for how long it has to wait; with 0 it may go on, and counts. */
  begin(address: string, account: string, now: number): number {
    const network = networkOf(address);
    const name = account.toLowerCase();
    const isKnown = this.#known.get(name)?.has(network) === true;
    const waitMs = Math.max(
      heldFor(this.#addresses.get(network), now),
      isKnown ? 0 : heldFor(this.#accounts.get(name), now),
    );
    if (waitMs > 0) return waitMs;
    count(this.#addresses, network, OF_ADDRESS, now);
    if (!isKnown) count(this.#accounts, name, OF_ACCOUNT, now);
    return 0;
  }

  /** The password was right. The address keeps its other wrong ones: its holder may own one account and guess another's. */
  succeeded(address: string, account: string): void {
    const network = networkOf(address);
    const name = account.toLowerCase();
    const tries = this.#addresses.get(network);
    if (tries !== undefined) {
      tries.count = Math.max(0, tries.count - 1);
      tries.heldUntil = Number.NEGATIVE_INFINITY;
    }
    this.#accounts.delete(name);
    const known = this.#known.get(name) ?? new Set();
    known.delete(network);
    known.add(network);
    keepNewest(known, MAX_KNOWN_PER_ACCOUNT);
    this.#known.delete(name);
    this.#known.set(name, known);
    keepNewest(this.#known, MAX_ENTRIES);
  }

  /** How much is remembered. */
  get size(): number {
    return this.#addresses.size + this.#accounts.size + this.#known.size;
  }
}

function heldFor(tries: Tries | undefined, now: number): number {
  return tries === undefined ? 0 : Math.max(0, tries.heldUntil - now);
}

function count(all: Map<string, Tries>, key: string, measure: Measure, now: number): void {
  const last = all.get(key);
  const remembered = last === undefined ? 0 : Math.max(0, last.count - (now - last.countedAt) / measure.forgetMs);
  const tries: Tries = { count: remembered + 1, countedAt: now, heldUntil: now };
  const beyond = Math.round(tries.count) - measure.free;
  if (beyond >= 0) tries.heldUntil += Math.min(measure.longestPauseMs, measure.firstPauseMs * 2 ** beyond);
  // Put in anew, so that the map stays in the order of the last try.
  all.delete(key);
  all.set(key, tries);
  keepNewest(all, MAX_ENTRIES);
}

function keepNewest(all: Map<string, unknown> | Set<string>, limit: number): void {
  for (const oldest of all.keys()) {
    if (all.size <= limit) return;
    all.delete(oldest);
  }
}
