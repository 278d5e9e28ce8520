/** The requests about sessions, users, tokens and the audit trail. */
import type { AuditEntry, Identity, MadeToken, Session, Token, User } from '../../src/io/web/contract/access.js';
import { API } from '../../src/io/web/contract/endpoints.js';
import { addressOf, request } from './request.js';

export const readSession = () => request<Session>('GET', addressOf(API.session));

export const signIn = (name: string, password: string) =>
  request<Session>('POST', addressOf(API.session), { name, password });

export const signOut = () => request<void>('DELETE', addressOf(API.session));

export const setUp = (code: string, name: string, password: string) =>
  request<Session>('POST', addressOf(API.setup), { code, name, password });

export const changePassword = (present: string, next: string) =>
  request<void>('PUT', addressOf(API.password), { present, next });

export const listUsers = () => request<User[]>('GET', addressOf(API.users));

export const addUser = (user: Identity & { password: string }) => request<User>('POST', addressOf(API.users), user);

export const changeUser = (name: string, change: Partial<Omit<Identity, 'name'>> & { password?: string }) =>
  request<User>('PATCH', addressOf(API.user, { name }), change);

export const removeUser = (name: string) => request<void>('DELETE', addressOf(API.user, { name }));

export const listTokens = () => request<Token[]>('GET', addressOf(API.tokens));

export const makeToken = (token: Pick<Token, 'name' | 'role' | 'mayListen' | 'mayReadSecrets'>) =>
  request<MadeToken>('POST', addressOf(API.tokens), token);

export const revokeToken = (id: string) => request<void>('DELETE', addressOf(API.token, { id }));

export const listAudit = () => request<AuditEntry[]>('GET', addressOf(API.audit));
