/** Who is signed in, and until when: sessions end when they are not used, when they are old, or when they are ended. */

export interface SessionLimits {
  /** Without a request for so long a session ends. */
  readonly idleMs: number;
  /** After so long it ends in any case. */
  readonly lifeMs: number;
  /** Of one user; the one that was unused for longest makes room for a new one. */
  readonly perUser: number;
  /** Of all users together. */
  readonly total: number;
}

export interface Session {
  /** What the holder shows, by its hash: who reads our memory cannot sign in by it. */
  readonly key: string;
  readonly user: string;
  readonly csrfToken: string;
}

interface OpenSession extends Session {
  readonly begunAt: number;
  usedAt: number;
}

export const SESSION_LIMITS: SessionLimits = { idleMs: 30 * 60_000, lifeMs: 12 * 3_600_000, perUser: 20, total: 500 };

/** Times are milliseconds on a monotonic clock. What is ended is returned, so that what hangs on it can be ended, too. */
export class Sessions {
  readonly #limits: SessionLimits;
  /** In the order of their last use: the map keeps it, the longest unused first. */
  readonly #open = new Map<string, OpenSession>();

  constructor(limits: SessionLimits = SESSION_LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Returns the keys of those that had to make room. */
  begin({ key, user, csrfToken }: Session, now: number): string[] {
    const ended = this.endExpired(now);
    const ofUser = [...this.#open.values()].filter((session) => session.user === user);
    if (ofUser.length >= this.#limits.perUser) ended.push(...this.#end(ofUser.slice(0, 1)));
    if (this.#open.size >= this.#limits.total) ended.push(...this.#end([...this.#open.values()].slice(0, 1)));
    this.#open.set(key, { key, user, csrfToken, begunAt: now, usedAt: now });
    return ended;
  }

  /** The session, which counts as used now; nothing when there is none, or no longer. */
  use(key: string, now: number): Session | undefined {
    const session = this.#open.get(key);
    if (session === undefined || this.#isExpired(session, now)) return undefined;
    session.usedAt = now;
    this.#open.delete(key);
    this.#open.set(key, session);
    return session;
  }

  /** Returns the key if there was such a session. */
  end(key: string): string[] {
    return this.#open.delete(key) ? [key] : [];
  }

  /** Ends the sessions of a user, but for the one that is named. */
  endOf(user: string, except?: string): string[] {
    return this.#end([...this.#open.values()].filter((session) => session.user === user && session.key !== except));
  }

  endExpired(now: number): string[] {
    return this.#end([...this.#open.values()].filter((session) => this.#isExpired(session, now)));
  }

  #isExpired({ begunAt, usedAt }: OpenSession, now: number): boolean {
    return now - usedAt >= this.#limits.idleMs || now - begunAt >= this.#limits.lifeMs;
  }

  #end(sessions: readonly OpenSession[]): string[] {
    for (const { key } of sessions) this.#open.delete(key);
    return sessions.map(({ key }) => key);
  }
}
