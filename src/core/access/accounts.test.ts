import { describe, expect, test } from '@jest/globals';
import { Accounts, type TokenAccount, type UserAccount } from './accounts.js';

const AT = '2026-11-22T12:00:00.000Z';

function user(name: string, role: 'admin' | 'reader' = 'admin'): UserAccount {
  return { name, role, mayListen: false, passwordHash: `hash of ${name}`, createdAt: AT, lastSeenAt: null };
}

function token(id: string, name = `token ${id}`): TokenAccount {
  const rights = { role: 'reader', mayListen: false, mayReadSecrets: false } as const;
  return { ...rights, id, name, hash: `hash of ${id}`, createdAt: AT, createdBy: 'admin', lastUsedAt: null };
}

describe('users', () => {
  test('have names of their own, whatever the letters', () => {
    const accounts = new Accounts();
    expect(accounts.addUser(user('Ann'))).toBeUndefined();
    expect(accounts.addUser(user('ann'))).toBe('name-taken');
    expect(accounts.user('ANN')?.name).toBe('Ann');
  });

  test('are no more than a hundred', () => {
    const accounts = new Accounts();
    for (let n = 0; n < 100; n++) expect(accounts.addUser(user(`u${n}`))).toBeUndefined();
    expect(accounts.addUser(user('one-more'))).toBe('too-many');
  });

  test('change only in what is given', () => {
    const accounts = new Accounts({ users: [user('ann'), user('bob')], tokens: [] });
    expect(accounts.changeUser('Bob', { role: 'reader' })).toBeUndefined();
    expect(accounts.user('bob')).toEqual({ ...user('bob'), role: 'reader' });
    expect(accounts.changeUser('bob', { mayListen: true, passwordHash: 'new' })).toBeUndefined();
    expect(accounts.user('bob')).toEqual({ ...user('bob'), role: 'reader', mayListen: true, passwordHash: 'new' });
    expect(accounts.changeUser('nobody', { role: 'admin' })).toBe('not-found');
  });

  test('are seen', () => {
    const accounts = new Accounts({ users: [user('ann')], tokens: [] });
    accounts.sawUser('ANN', AT);
    accounts.sawUser('nobody', AT);
    expect(accounts.data.users).toEqual([{ ...user('ann'), lastSeenAt: AT }]);
  });
});

describe('the last administrator', () => {
  const accounts = (): Accounts =>
    new Accounts({ users: [user('ann'), user('bob'), user('eve', 'reader')], tokens: [] });

  test('cannot be removed', () => {
    const three = accounts();
    expect(three.removeUser('ann')).toBeUndefined();
    expect(three.removeUser('bob')).toBe('last-admin');
    expect(three.removeUser('eve')).toBeUndefined();
    expect(three.removeUser('eve')).toBe('not-found');
    expect(three.hasAdmin()).toBe(true);
  });

  test('cannot become a reader', () => {
    const three = accounts();
    expect(three.changeUser('bob', { role: 'reader' })).toBeUndefined();
    expect(three.changeUser('ann', { role: 'reader', mayListen: true })).toBe('last-admin');
    expect(three.user('ann')).toEqual(user('ann'));
    expect(three.changeUser('ann', { role: 'admin', mayListen: true })).toBeUndefined();
  });
});

describe('tokens', () => {
  test('are found by the hash alone, until they are removed', () => {
    const accounts = new Accounts({ users: [], tokens: [token('1')] });
    expect(accounts.addToken(token('2'))).toBeUndefined();
    expect(accounts.token('hash of 2')?.id).toBe('2');
    expect(accounts.token('2')).toBeUndefined();
    expect(accounts.removeToken('2')?.name).toBe('token 2');
    expect(accounts.token('hash of 2')).toBeUndefined();
    expect(accounts.removeToken('2')).toBeUndefined();
    expect(accounts.token('hash of 1')?.id).toBe('1');
  });

  test('have names of their own, and are no more than two hundred', () => {
    const accounts = new Accounts();
    expect(accounts.addToken(token('x', 'CRM'))).toBeUndefined();
    expect(accounts.addToken(token('y', 'crm'))).toBe('name-taken');
    for (let n = 0; n < 199; n++) expect(accounts.addToken(token(`t${n}`))).toBeUndefined();
    expect(accounts.addToken(token('one more'))).toBe('too-many');
  });

  test('are seen', () => {
    const accounts = new Accounts({ users: [], tokens: [token('1'), token('2')] });
    accounts.sawToken('2', AT);
    expect(accounts.token('hash of 2')?.lastUsedAt).toBe(AT);
    expect(accounts.token('hash of 1')?.lastUsedAt).toBeNull();
  });
});

test('an administrator is missing until there is one', () => {
  const accounts = new Accounts();
  expect(accounts.hasAdmin()).toBe(false);
  accounts.addUser(user('eve', 'reader'));
  expect(accounts.hasAdmin()).toBe(false);
  accounts.addUser(user('ann'));
  expect(accounts.hasAdmin()).toBe(true);
});
