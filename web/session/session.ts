/** Who is signed in, on this page, now; and what to do when that ends in the middle of work. */
import { computed, signal } from '@preact/signals';
import type { Session } from '../../src/io/web/contract/access.js';
import * as access from '../api/access.js';
import { onSessionOver, sendCsrfToken } from '../api/request.js';

/** Undefined before the program has answered. */
export const session = signal<Session | undefined>(undefined);

/** The session ended while somebody worked: they are asked to sign in again, with all that they typed still there. */
export const isSignInAgain = signal(false);

export const user = computed(() => session.value?.user ?? undefined);
export const mayChange = computed(() => user.value?.role === 'admin');
export const mayListen = computed(() => user.value?.mayListen === true);

/** Why a control is out of reach, for whoever may only look. */
export const READ_ONLY = 'Your account may only look. An administrator can change this.';

let waiting: ((isSignedIn: boolean) => void)[] = [];

export async function loadSession(): Promise<void> {
  take(await access.readSession());
}

/** Asks whether the session still holds, and asks for the password when it does not. */
export async function checkSession(): Promise<void> {
  const current = await access.readSession();
  if (current.state === 'signed-in') take(current);
  else if (user.value !== undefined) isSignInAgain.value = true;
}

export async function signIn(name: string, password: string): Promise<void> {
  take(await access.signIn(name, password));
  endWaiting(true);
}

export async function setUp(code: string, name: string, password: string): Promise<void> {
  take(await access.setUp(code, name, password));
}

export async function signOut(): Promise<void> {
  await access.signOut();
  endWaiting(false);
  await loadSession();
}

/** They do not want to sign in again: back to the door. */
export async function leave(): Promise<void> {
  endWaiting(false);
  await loadSession();
}

function take(next: Session): void {
  sendCsrfToken(next.csrfToken);
  session.value = next;
}

function endWaiting(isSignedIn: boolean): void {
  isSignInAgain.value = false;
  const all = waiting;
  waiting = [];
  for (const tell of all) tell(isSignedIn);
}

onSessionOver(() => {
  // At the door itself nobody was signed in, so there is nothing to come back to.
  if (user.value === undefined) return Promise.resolve(false);
  isSignInAgain.value = true;
  return new Promise((resolve) => waiting.push(resolve));
});
