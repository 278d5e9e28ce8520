/** Who may do what: two roles, and what each of the API's routes asks for. */

/**
 * look: see settings, calls, health. change: settings, streaming, pause. administer: users, tokens, the audit trail.
 * listen: hear a call. nothing: no sign-in; only for what must be reachable before it.
 */
export type Permission = 'look' | 'change' | 'administer' | 'listen' | 'nothing';

/** admin may change everything; reader only looks. */
export type Role = 'admin' | 'reader';

/** What a user or a token has been given. */
export interface Rights {
  readonly role: Role;
  /** Hearing calls is no matter of the role: not even an administrator may, unless it was given. */
  readonly mayListen: boolean;
}

const BY_ROLE: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  admin: new Set<Permission>(['nothing', 'look', 'change', 'administer']),
  reader: new Set<Permission>(['nothing', 'look']),
};

/** Whether somebody with these rights may do it. */
export function isAllowed({ role, mayListen }: Rights, needed: Permission): boolean {
  return needed === 'listen' ? mayListen : BY_ROLE[role].has(needed);
}
