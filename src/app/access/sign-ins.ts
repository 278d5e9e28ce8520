/** Signing in and out: what a person types, held back when it is wrong too often. */
import { SignInThrottle } from '../../core/access/sign-in-throttle.js';
import type { PasswordHasher } from '../../io/access/password-hash.js';
import { type AuditEntry, UserName } from '../../io/web/contract/access.js';
import { ApiFailure } from '../../io/web/route.js';
import type { NewSession, SessionsPort } from '../../io/web/session-routes.js';
import { type AccountChanges, whenNotBusy } from './account-changes.js';
import type { SetupOffer } from './setup-offer.js';

interface SignInDoors {
  openSession(user: string): NewSession;
  endSession(cookie: string): void;
  endSessionsOf(user: string, exceptCookie?: string): void;
  audit(entry: Omit<AuditEntry, 'at'>): void;
}

interface SignInsOptions {
  readonly accounts: AccountChanges;
  readonly hasher: PasswordHasher;
  readonly setup: SetupOffer;
  readonly doors: SignInDoors;
  readonly clock: () => number;
}

/** The set-up code is guessed like a password of somebody; no user can have this name. */
const SETUP_ACCOUNT = '(set-up)';

export class SignIns implements SessionsPort {
  readonly #throttle = new SignInThrottle();
  readonly #accounts: AccountChanges;
  readonly #hasher: PasswordHasher;
  readonly #setup: SetupOffer;
  readonly #doors: SignInDoors;
  readonly #clock: () => number;

  constructor({ accounts, hasher, setup, doors, clock }: SignInsOptions) {
    this.#accounts = accounts;
    this.#hasher = hasher;
    this.#setup = setup;
    this.#doors = doors;
    this.#clock = clock;
  }

  isSetupNeeded(): boolean {
    return this.#setup.isOpen(this.#clock());
  }

  async signIn(name: string, password: string, from: string): Promise<NewSession> {
    const user = this.#accounts.now.user(name);
    const isRight = await this.#try(user?.name ?? name, from, () => this.#hasher.verify(password, user?.passwordHash));
    // It may have been removed, or got another password, meanwhile.
    const isSame = user !== undefined && this.#accounts.now.user(name)?.passwordHash === user.passwordHash;
    if (!isRight || !isSame) {
      this.#failed('sign-in failed', name, from);
      throw new ApiFailure(401, 'WRONG_PASSWORD', 'The name or the password is wrong.');
    }
    this.#throttle.succeeded(from, user.name);
    if (this.#hasher.isDated(user.passwordHash)) {
      await this.#accounts.setPassword(user.name, password).catch(() => undefined);
    }
    this.#accounts.sawUser(user.name);
    this.#doors.audit({ by: user.name, from, action: 'signed in', detail: '' });
    return this.#doors.openSession(user.name);
  }

  async setUp(code: string, name: string, password: string, from: string): Promise<NewSession> {
    const isRight = await this.#try(SETUP_ACCOUNT, from, async () => this.#setup.take(code, this.#clock()));
    if (!isRight) {
      this.#failed('set-up failed', name, from);
      throw new ApiFailure(403, 'WRONG_CODE', 'This is not the code that the log shows, or it is no longer valid.');
    }
    this.#throttle.succeeded(from, SETUP_ACCOUNT);
    try {
      await this.#accounts.setUp(name, password);
    } catch (error) {
      this.#setup.giveBack(this.#clock());
      throw error;
    }
    await this.#setup.done();
    this.#accounts.sawUser(name);
    const session = this.#doors.openSession(name);
    this.#doors.audit({ by: session.identity.name, from, action: 'set up as administrator', detail: '' });
    return session;
  }

  signOut(cookie: string): void {
    this.#doors.endSession(cookie);
  }

  async changePassword(user: string, present: string, next: string, cookie: string, from: string): Promise<void> {
    const hashed = this.#accounts.now.user(user)?.passwordHash;
    const isRight = await this.#try(user, from, () => this.#hasher.verify(present, hashed));
    if (!isRight) {
      this.#failed('password change failed', user, from);
      const problems = [{ field: 'present', message: 'is not your present password' }];
      throw new ApiFailure(400, 'INVALID', 'The present password is wrong.', problems);
    }
    this.#throttle.succeeded(from, user);
    await this.#accounts.setPassword(user, next);
    this.#doors.endSessionsOf(user, cookie);
  }

  async #try(account: string, from: string, check: () => Promise<boolean>): Promise<boolean> {
    const waitMs = this.#throttle.begin(from, account, this.#clock());
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      const wait = seconds === 1 ? '1 second' : `${seconds} seconds`;
      const failure = new ApiFailure(429, 'TOO_MANY_TRIES', `Too many wrong tries. Try again in ${wait}.`);
      failure.retryAfterSeconds = seconds;
      throw failure;
    }
    return whenNotBusy(check);
  }

  /** People type their password where the name belongs; that must not be kept. */
  #failed(action: string, name: string, from: string): void {
    const isKnown = this.#accounts.now.user(name) !== undefined && UserName.safeParse(name).success;
    const detail = isKnown ? `as ${name}` : 'as an unknown user';
    this.#doors.audit({ by: 'nobody', from, action, detail });
  }
}
