/** Passwords, kept as scrypt hashes (RFC 7914) that say themselves how they were made. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** What one hash costs: 128 · r · 2^ln octets of memory, and a time that grows with all three. */
export interface HashCost {
  /** The logarithm of N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/**
 * 64 MiB and about a quarter of a second on a small machine: one of the settings that OWASP's Password Storage Cheat Sheet
 * recommends, the one with less memory, since Asterisk runs on this machine too.
 */
export const HASH_COST: HashCost = { ln: 16, r: 8, p: 2 };

/** Each runs in one of Node's four threads, which file access and name lookups need as well; and takes its memory. */
const MAX_AT_ONCE = 1;
const MAX_WAITING = 20;
const SALT_OCTETS = 16;
const HASH_OCTETS = 32;
const MEMORY_LIMIT_OCTETS = 512 * 1024 * 1024;

/** Too many sign-ins at once; whoever waits longer would have gone anyway. */
export class TooBusy extends Error {}

export class PasswordHasher {
  readonly #cost: HashCost;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #nobodys: string;

  constructor(cost: HashCost = HASH_COST) {
    this.#cost = cost;
    this.#nobodys = written(cost, randomBytes(SALT_OCTETS), randomBytes(HASH_OCTETS));
  }

  /** `$scrypt$ln=16,r=8,p=2$SALT$HASH`. Rejects with `TooBusy`, as the others do. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_OCTETS);
    const hash = await this.#derive(password, salt, this.#cost, HASH_OCTETS);
    return written(this.#cost, salt, hash);
  }

  /** Whether it is the password. For nobody's hash it takes as long and says no, so that the time tells no names. */
  async verify(password: string, hashed: string | undefined): Promise<boolean> {
    const parsed = parse(hashed ?? this.#nobodys);
    if (parsed === undefined) return false;
    const hash = await this.#derive(password, parsed.salt, parsed.cost, parsed.hash.length);
    return timingSafeEqual(hash, parsed.hash) && hashed !== undefined;
  }

  /** Whether it was made at another cost than new ones are. */
  isDated(hashed: string): boolean {
    const cost = parse(hashed)?.cost;
    return cost === undefined || cost.ln !== this.#cost.ln || cost.r !== this.#cost.r || cost.p !== this.#cost.p;
  }

  async #derive(password: string, salt: Buffer, { ln, r, p }: HashCost, octets: number): Promise<Buffer> {
    await this.#turn();
    try {
      return await new Promise((resolve, reject) => {
        // The same word can be typed in two ways on two keyboards (RFC 8265, section 4.2).
        const text = password.normalize('NFC');
        scrypt(text, salt, octets, { N: 2 ** ln, r, p, maxmem: MEMORY_LIMIT_OCTETS }, (error, hash) => {
          if (error) reject(error);
          else resolve(hash);
        });
      });
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < MAX_AT_ONCE) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= MAX_WAITING) throw new TooBusy();
    // Whoever ends hands its turn over.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

function parse(hashed: string): { cost: HashCost; salt: Buffer; hash: Buffer } | undefined {
  const [, ln, r, p, salt = '', hash = ''] =
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/.exec(hashed) ?? [];
  if (ln === undefined) return undefined;
  return {
    cost: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

function written({ ln, r, p }: HashCost, salt: Buffer, hash: Buffer): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(hash)}`;
}

function base64(octets: Buffer): string {
  return octets.toString('base64').replaceAll('=', '');
}
