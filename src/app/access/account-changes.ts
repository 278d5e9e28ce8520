/** Changes of users and tokens: one after the other, each saved before it is answered, or undone. */
import type { AccountRefusal, Accounts as AccountsType, UserAccount } from '../../core/access/accounts.js';
import { Accounts } from '../../core/access/accounts.js';
import type { AccessFile } from '../../io/access/access-file.js';
import { type PasswordHasher, TooBusy } from '../../io/access/password-hash.js';
import { hashOf, newId, newToken } from '../../io/access/random-secret.js';
import { fileProblemOf } from '../../io/file-problem.js';
import type { MadeToken, NewToken, NewUser, Token, User, UserChange } from '../../io/web/contract/access.js';
import { ApiFailure } from '../../io/web/route.js';
import type { TokensPort } from '../../io/web/tokens-routes.js';
import type { UsersPort } from '../../io/web/users-routes.js';

/** Who shuts out whoever has lost a right. */
export interface Doors {
  endSessionsOf(user: string, exceptCookie?: string): void;
  closeSocketsOf(user: string): void;
  closeSocketsOfToken(id: string): void;
}

interface AccountChangesOptions {
  readonly accounts: AccountsType;
  readonly file: Pick<AccessFile, 'write'>;
  readonly hasher: PasswordHasher;
  readonly wallClock: () => Date;
  readonly doors: Doors;
}

const REFUSALS: Readonly<Record<AccountRefusal, readonly [status: number, code: string, message: string]>> = {
  'name-taken': [409, 'NAME_TAKEN', 'This name is taken.'],
  'not-found': [404, 'NOT_FOUND', 'There is none of this name.'],
  'last-admin': [409, 'LAST_ADMIN', 'This is the last administrator. Make another one first.'],
  'too-many': [409, 'TOO_MANY', 'There are too many. Remove some first.'],
};

export class AccountChanges implements UsersPort, TokensPort {
  #accounts: AccountsType;
  readonly #file: Pick<AccessFile, 'write'>;
  readonly #hasher: PasswordHasher;
  readonly #wallClock: () => Date;
  readonly #doors: Doors;
  #last: Promise<unknown> = Promise.resolve();
  #hasUnsavedSeen = false;

  constructor({ accounts, file, hasher, wallClock, doors }: AccountChangesOptions) {
    this.#accounts = accounts;
    this.#file = file;
    this.#hasher = hasher;
    this.#wallClock = wallClock;
    this.#doors = doors;
  }

  /** As they are now; whatever changes them is a method here. */
  get now(): Pick<AccountsType, 'user' | 'token' | 'hasAdmin'> {
    return this.#accounts;
  }

  users(): User[] {
    return this.#accounts.data.users.map(userOf);
  }

  async addUser({ name, password, role, mayListen }: NewUser): Promise<User> {
    const passwordHash = await this.hash(password);
    const user = { name, role, mayListen, passwordHash, createdAt: this.#time(), lastSeenAt: null };
    await this.#change((accounts) => accounts.addUser(user));
    return userOf(user);
  }

  async changeUser(name: string, { role, mayListen, password }: UserChange, by: string): Promise<User> {
    if (password !== undefined && this.#accounts.user(name)?.name === by) {
      const problems = [{ field: 'password', message: 'is your own: change it where the present one is asked for' }];
      throw new ApiFailure(400, 'INVALID', 'Your own password is changed under your own name.', problems);
    }
    const passwordHash = password === undefined ? undefined : await this.hash(password);
    await this.#change((accounts) => accounts.changeUser(name, { role, mayListen, passwordHash }));
    const user = this.#accounts.user(name);
    if (user === undefined) throw refusalOf('not-found');
    // Somebody who knows the old password must not stay in by it.
    if (password !== undefined) this.#doors.endSessionsOf(user.name);
    this.#doors.closeSocketsOf(user.name);
    return userOf(user);
  }

  async setPassword(name: string, password: string): Promise<void> {
    const passwordHash = await this.hash(password);
    await this.#change((accounts) => accounts.changeUser(name, { passwordHash }));
  }

  /** Made with the code from the log: a user that is there becomes an administrator with this password. */
  async setUp(name: string, password: string): Promise<void> {
    const passwordHash = await this.hash(password);
    const user = {
      name,
      role: 'admin',
      mayListen: true,
      passwordHash,
      createdAt: this.#time(),
      lastSeenAt: null,
    } as const;
    await this.#change((accounts) =>
      accounts.user(name) === undefined
        ? accounts.addUser(user)
        : accounts.changeUser(name, { role: 'admin', passwordHash }),
    );
    this.#doors.endSessionsOf(this.#accounts.user(name)?.name ?? name);
  }

  async removeUser(name: string): Promise<void> {
    const exact = this.#accounts.user(name)?.name ?? name;
    await this.#change((accounts) => accounts.removeUser(name));
    this.#doors.endSessionsOf(exact);
    this.#doors.closeSocketsOf(exact);
  }

  tokens(): Token[] {
    return this.#accounts.data.tokens.map(tokenOf);
  }

  async addToken({ name, role, mayListen, mayReadSecrets }: NewToken, by: string): Promise<MadeToken> {
    const token = newToken();
    const kept = {
      id: newId(),
      name,
      role,
      mayListen,
      mayReadSecrets,
      hash: hashOf(token),
      createdAt: this.#time(),
      createdBy: by,
      lastUsedAt: null,
    };
    await this.#change((accounts) => accounts.addToken(kept));
    return { ...tokenOf(kept), token };
  }

  async removeToken(id: string): Promise<string> {
    let name = '';
    await this.#change((accounts) => {
      const removed = accounts.removeToken(id);
      name = removed?.name ?? '';
      return removed === undefined ? 'not-found' : undefined;
    });
    this.#doors.closeSocketsOfToken(id);
    return name;
  }

  sawUser(name: string): void {
    this.#accounts.sawUser(name, this.#time());
    this.#hasUnsavedSeen = true;
  }

  sawToken(id: string): void {
    this.#accounts.sawToken(id, this.#time());
    this.#hasUnsavedSeen = true;
  }

  /** Better a stamp lost than a request that waits for the disk: these are saved now and then. */
  async saveSeen(): Promise<void> {
    if (!this.#hasUnsavedSeen) return;
    this.#hasUnsavedSeen = false;
    await this.#change(() => undefined).catch(() => {
      this.#hasUnsavedSeen = true;
    });
  }

  async hash(password: string): Promise<string> {
    return whenNotBusy(() => this.#hasher.hash(password));
  }

  #change(change: (accounts: AccountsType) => AccountRefusal | undefined): Promise<void> {
    const changed = this.#last.then(async () => {
      const before = this.#accounts.data;
      const refusal = change(this.#accounts);
      if (refusal !== undefined) throw refusalOf(refusal);
      try {
        await this.#file.write(this.#accounts.data);
      } catch (error) {
        this.#accounts = new Accounts(before);
        const words = `It could not be saved, and nothing was changed: ${fileProblemOf(error)}.`;
        throw new ApiFailure(500, 'NOT_SAVED', words);
      }
    });
    this.#last = changed.catch(() => undefined);
    return changed;
  }

  #time(): string {
    return this.#wallClock().toISOString();
  }
}

/** Turns a hash that has no turn soon into an answer. */
export async function whenNotBusy<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TooBusy) {
      throw new ApiFailure(503, 'TOO_BUSY', 'Too many people sign in right now. Try again in a few seconds.');
    }
    throw error;
  }
}

function refusalOf(refusal: AccountRefusal): ApiFailure {
  return new ApiFailure(...REFUSALS[refusal]);
}

/** Built field by field: the hash stays here. */
function userOf({ name, role, mayListen, createdAt, lastSeenAt }: UserAccount): User {
  return { name, role, mayListen, createdAt, lastSeenAt };
}

function tokenOf({ id, name, role, mayListen, mayReadSecrets, createdAt, createdBy, lastUsedAt }: Token): Token {
  return { id, name, role, mayListen, mayReadSecrets, createdAt, createdBy, lastUsedAt };
}
