/** Who may use the portal: the accounts of the file, the sessions of now, and the audit trail, for the portal's door and routes. */
import { join } from 'node:path';
import { Accounts } from '../../core/access/accounts.js';
import { Sessions } from '../../core/access/sessions.js';
import type { Log } from '../../core/log.js';
import { AccessFile } from '../../io/access/access-file.js';
import { AuditTrail } from '../../io/access/audit-trail.js';
import { PasswordHasher } from '../../io/access/password-hash.js';
import { hashOf, newSecret } from '../../io/access/random-secret.js';
import type { AuditEntry } from '../../io/web/contract/access.js';
import type { Admitted, Gate } from '../../io/web/gate.js';
import type { NewSession } from '../../io/web/session-routes.js';
import { StateFolder } from '../state-folder.js';
import { AccountChanges } from './account-changes.js';
import { SetupOffer } from './setup-offer.js';
import { SignIns } from './sign-ins.js';

export interface PortalAccessOptions {
  /** The folder for what must outlast a restart. */
  readonly stateDir: string;
  /** Hears whether that folder can be written to; one of its own if none is given. */
  readonly stateFolder?: StateFolder;
  readonly log: Log;
  /** Milliseconds on a monotonic clock, when it is not the machine's. */
  readonly clock?: () => number;
  readonly wallClock?: () => Date;
  readonly hasher?: PasswordHasher;
}

const ACCESS_FILE = 'access.json';
const AUDIT_FILE = 'audit.jsonl';
const SWEEP_INTERVAL_MS = 10_000;
/** When somebody was last seen is told no more exactly than this. */
const SEEN_EVERY_MS = 60_000;

export class PortalAccess implements Gate {
  readonly accounts: AccountChanges;
  readonly signIns: SignIns;
  readonly #setup: SetupOffer;
  readonly #sessions = new Sessions();
  readonly #trail: AuditTrail;
  readonly #log: Log;
  readonly #clock: () => number;
  readonly #wallClock: () => Date;
  readonly #listeners = new Set<(hold: string) => void>();
  readonly #sweeps: NodeJS.Timeout;

  /** Rejects with ACCESS_FILE_UNUSABLE when there are accounts, but not to be read. */
  static async open(options: PortalAccessOptions): Promise<PortalAccess> {
    const file = new AccessFile(join(options.stateDir, ACCESS_FILE));
    return new PortalAccess(options, file, new Accounts(await file.read()));
  }

  private constructor(options: PortalAccessOptions, file: AccessFile, accounts: Accounts) {
    const { stateDir, log, clock = () => performance.now(), wallClock = () => new Date() } = options;
    const stateFolder = options.stateFolder ?? new StateFolder(stateDir, log);
    this.#log = log;
    this.#clock = clock;
    this.#wallClock = wallClock;
    this.#trail = new AuditTrail({
      path: join(stateDir, AUDIT_FILE),
      onFailure: (error) => stateFolder.failed('audit trail', error),
      onWritten: () => stateFolder.worked('audit trail'),
    });
    const hasher = options.hasher ?? new PasswordHasher();
    this.accounts = new AccountChanges({
      accounts,
      file: { write: (data) => stateFolder.saving('accounts', () => file.write(data)) },
      hasher,
      wallClock,
      doors: this,
    });
    this.#setup = new SetupOffer({ stateDir, log, hasAdmin: () => this.accounts.now.hasAdmin() });
    this.signIns = new SignIns({ accounts: this.accounts, hasher, setup: this.#setup, doors: this, clock });
    this.#sweeps = setInterval(() => void this.sweep(), SWEEP_INTERVAL_MS).unref();
  }

  /** Says in the log how to make the first account, if there is none; `address` is that of the page. */
  async announce(address: string): Promise<void> {
    await this.#setup.announce(address, this.#clock());
  }

  bySession(cookie: string): Admitted | undefined {
    const session = this.#sessions.use(hashOf(cookie), this.#clock());
    const user = session && this.accounts.now.user(session.user);
    if (session === undefined || user === undefined) return undefined;
    const { name, role, mayListen } = user;
    if (this.#isLongAgo(user.lastSeenAt)) this.accounts.sawUser(name);
    return {
      asking: { identity: { name, role, mayListen }, name, mayReadSecrets: false },
      holds: [sessionHold(session.key), userHold(name)],
      csrfToken: session.csrfToken,
    };
  }

  byToken(token: string): Admitted | undefined {
    const found = this.accounts.now.token(hashOf(token));
    if (found === undefined) return undefined;
    if (this.#isLongAgo(found.lastUsedAt)) this.accounts.sawToken(found.id);
    const name = `token ${found.name}`;
    const { role, mayListen, mayReadSecrets } = found;
    return {
      asking: { identity: { name, role, mayListen }, name, mayReadSecrets },
      holds: [tokenHold(found.id)],
      csrfToken: undefined,
    };
  }

  /** Also in the log, so that it can be collected where nobody on this machine can change it. */
  audit({ by, from, action, detail }: Omit<AuditEntry, 'at'>): void {
    this.#trail.add({ at: this.#wallClock().toISOString(), by, from, action, detail });
    this.#log.info('audit', { by, from, action, detail });
  }

  newest(limit: number): Promise<AuditEntry[]> {
    return this.#trail.newest(limit);
  }

  onEnd(listener: (hold: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  openSession(user: string): NewSession {
    const account = this.accounts.now.user(user);
    if (account === undefined) throw new TypeError('A session without a user.');
    const { name, role, mayListen } = account;
    const cookie = newSecret();
    const csrfToken = newSecret();
    this.#ended(this.#sessions.begin({ key: hashOf(cookie), user: name, csrfToken }, this.#clock()));
    return { cookie, csrfToken, identity: { name, role, mayListen } };
  }

  endSession(cookie: string): void {
    this.#ended(this.#sessions.end(hashOf(cookie)));
  }

  /** Of all of a user's, but for that of one cookie. */
  endSessionsOf(user: string, exceptCookie?: string): void {
    this.#ended(this.#sessions.endOf(user, exceptCookie === undefined ? undefined : hashOf(exceptCookie)));
  }

  closeSocketsOf(user: string): void {
    this.#tell(userHold(user));
  }

  closeSocketsOfToken(id: string): void {
    this.#tell(tokenHold(id));
  }

  /** What time alone brings about: sessions end, a set-up code is replaced, who was seen is saved, and what could not be. */
  async sweep(): Promise<void> {
    this.#ended(this.#sessions.endExpired(this.#clock()));
    await this.#setup.renew(this.#clock());
    await this.accounts.saveSeen();
    await this.#trail.flush();
  }

  /** Resolves when everything is saved. Sessions do not outlast the program. */
  async close(): Promise<void> {
    clearInterval(this.#sweeps);
    await this.accounts.saveSeen();
    await this.#trail.close();
  }

  #isLongAgo(seenAt: string | null): boolean {
    // A time in the future is from before the clock was set back.
    return seenAt === null || Math.abs(this.#wallClock().getTime() - Date.parse(seenAt)) >= SEEN_EVERY_MS;
  }

  #ended(keys: readonly string[]): void {
    for (const key of keys) this.#tell(sessionHold(key));
  }

  #tell(hold: string): void {
    for (const listener of this.#listeners) listener(hold);
  }
}

function sessionHold(key: string): string {
  return `session ${key}`;
}

function userHold(name: string): string {
  return `user ${name}`;
}

function tokenHold(id: string): string {
  return `token ${id}`;
}
