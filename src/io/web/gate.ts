/** What the portal's door asks of whoever keeps the accounts: who is it, and is that still so? */
import type { AuditEntry } from './contract/access.js';
import type { Asking } from './route.js';

/** Somebody who was let in. */
export interface Admitted {
  readonly asking: Asking;
  /** What this one came in by: a session, a user, a token. When one of them ends, so do the WebSockets that hang on it. */
  readonly holds: readonly string[];
  /** Only of a session; a token needs none, since no browser sends it by itself. */
  readonly csrfToken: string | undefined;
}

export interface Gate {
  /** By the content of the session's cookie. */
  bySession(cookie: string): Admitted | undefined;
  byToken(token: string): Admitted | undefined;
  audit(entry: Omit<AuditEntry, 'at'>): void;
  /** Tells what has ended, by the names in `holds`. Returns what ends the telling. */
  onEnd(listener: (hold: string) => void): () => void;
}
