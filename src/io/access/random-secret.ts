/** Secrets that nobody can guess: sessions, tokens, set-up codes. What is kept of them is their hash. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { SETUP_CODE_OCTETS, writeSetupCode } from '../../core/access/setup-code.js';

const SECRET_OCTETS = 32;
/** Says what it is to whoever finds one in a file, and to programs that look for such. */
const TOKEN_PREFIX = 'aas_';
const ID_OCTETS = 6;

/** 256 bits, to be shown by a browser. */
export function newSecret(): string {
  return randomBytes(SECRET_OCTETS).toString('base64url');
}

/** An API token: `aas_` and 256 bits. */
export function newToken(): string {
  return `${TOKEN_PREFIX}${newSecret()}`;
}

/** Short, and no secret. */
export function newId(): string {
  return randomBytes(ID_OCTETS).toString('hex');
}

export function newSetupCode(): string {
  return writeSetupCode(randomBytes(SETUP_CODE_OCTETS));
}

/** A fast hash does, for what has 256 bits and was not chosen by a person. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Takes equally long, whatever the texts are. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(one)), Buffer.from(hashOf(other)));
}
