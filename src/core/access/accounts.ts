/** The accounts as data, and their rules: users with their passwords' hashes, tokens by their hashes, never without an admin. */
import type { Rights, Role } from './permission.js';

export interface UserAccount extends Rights {
  readonly name: string;
  readonly passwordHash: string;
  /** ISO 8601, as all times here. */
  readonly createdAt: string;
  readonly lastSeenAt: string | null;
}

export interface TokenAccount extends Rights {
  readonly id: string;
  readonly name: string;
  readonly mayReadSecrets: boolean;
  /** Of the token, which nobody keeps. */
  readonly hash: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly lastUsedAt: string | null;
}

/** What is kept in the file. */
export interface AccountsData {
  readonly users: readonly UserAccount[];
  readonly tokens: readonly TokenAccount[];
}

export type AccountRefusal = 'name-taken' | 'not-found' | 'last-admin' | 'too-many';

export interface UserChanges {
  readonly role?: Role | undefined;
  readonly mayListen?: boolean | undefined;
  readonly passwordHash?: string | undefined;
}

const MAX_USERS = 100;
const MAX_TOKENS = 200;

export class Accounts {
  #users: readonly UserAccount[];
  #tokens: readonly TokenAccount[];
  /** By hash, for every request that brings a token. */
  #tokensByHash: ReadonlyMap<string, TokenAccount>;

  constructor({ users, tokens }: AccountsData = { users: [], tokens: [] }) {
    this.#users = users;
    this.#tokens = tokens;
    this.#tokensByHash = byHash(tokens);
  }

  /** What is to be kept. */
  get data(): AccountsData {
    return { users: this.#users, tokens: this.#tokens };
  }

  /** Names are one and the same in small and in capital letters. */
  user(name: string): UserAccount | undefined {
    return this.#users.find((user) => isSameName(user.name, name));
  }

  hasAdmin(): boolean {
    return this.#users.some(({ role }) => role === 'admin');
  }

  addUser(user: UserAccount): AccountRefusal | undefined {
    if (this.user(user.name) !== undefined) return 'name-taken';
    if (this.#users.length >= MAX_USERS) return 'too-many';
    this.#users = [...this.#users, user];
    return undefined;
  }

  changeUser(name: string, { role, mayListen, passwordHash }: UserChanges): AccountRefusal | undefined {
    const user = this.user(name);
    if (user === undefined) return 'not-found';
    if (role === 'reader' && this.#isLastAdmin(user)) return 'last-admin';
    this.#replace(user, {
      ...user,
      role: role ?? user.role,
      mayListen: mayListen ?? user.mayListen,
      passwordHash: passwordHash ?? user.passwordHash,
    });
    return undefined;
  }

  removeUser(name: string): AccountRefusal | undefined {
    const user = this.user(name);
    if (user === undefined) return 'not-found';
    if (this.#isLastAdmin(user)) return 'last-admin';
    this.#users = this.#users.filter((other) => other !== user);
    return undefined;
  }

  sawUser(name: string, at: string): void {
    const user = this.user(name);
    if (user !== undefined) this.#replace(user, { ...user, lastSeenAt: at });
  }

  token(hash: string): TokenAccount | undefined {
    return this.#tokensByHash.get(hash);
  }

  addToken(token: TokenAccount): AccountRefusal | undefined {
    if (this.#tokens.some(({ name }) => isSameName(name, token.name))) return 'name-taken';
    if (this.#tokens.length >= MAX_TOKENS) return 'too-many';
    this.#setTokens([...this.#tokens, token]);
    return undefined;
  }

  /** Returns the token that there is no more. */
  removeToken(id: string): TokenAccount | undefined {
    const token = this.#tokens.find((other) => other.id === id);
    if (token !== undefined) this.#setTokens(this.#tokens.filter((other) => other !== token));
    return token;
  }

  sawToken(id: string, at: string): void {
    this.#setTokens(this.#tokens.map((token) => (token.id === id ? { ...token, lastUsedAt: at } : token)));
  }

  #isLastAdmin(user: UserAccount): boolean {
    return user.role === 'admin' && this.#users.every((other) => other === user || other.role !== 'admin');
  }

  #replace(user: UserAccount, changed: UserAccount): void {
    this.#users = this.#users.map((other) => (other === user ? changed : other));
  }

  #setTokens(tokens: readonly TokenAccount[]): void {
    this.#tokens = tokens;
    this.#tokensByHash = byHash(tokens);
  }
}

function byHash(tokens: readonly TokenAccount[]): Map<string, TokenAccount> {
  return new Map(tokens.map((token) => [token.hash, token]));
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
