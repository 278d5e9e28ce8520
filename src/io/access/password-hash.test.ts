import { describe, expect, test } from '@jest/globals';
import { HASH_COST, type HashCost, PasswordHasher, TooBusy } from './password-hash.js';

const CHEAP: HashCost = { ln: 4, r: 8, p: 1 };

describe('a hash', () => {
  test('says how it was made, and is another each time', async () => {
    const hasher = new PasswordHasher(CHEAP);
    const hashed = await hasher.hash('correct horse');
    expect(hashed).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await hasher.hash('correct horse')).not.toBe(hashed);
  });

  test('knows its password, and no other', async () => {
    const hasher = new PasswordHasher(CHEAP);
    const hashed = await hasher.hash('correct horse');
    expect(await hasher.verify('correct horse', hashed)).toBe(true);
    expect(await hasher.verify('correct horsf', hashed)).toBe(false);
    expect(await hasher.verify('', hashed)).toBe(false);
  });

  test('is the same for both ways to type an umlaut', async () => {
    const hasher = new PasswordHasher(CHEAP);
    expect(await hasher.verify('gru\u0308n', await hasher.hash('gr\u00fcn'))).toBe(true);
  });

  test('of another cost is still understood, and is dated', async () => {
    const hashed = await new PasswordHasher({ ln: 5, r: 4, p: 2 }).hash('correct horse');
    const hasher = new PasswordHasher(CHEAP);
    expect(await hasher.verify('correct horse', hashed)).toBe(true);
    expect(hasher.isDated(hashed)).toBe(true);
    expect(hasher.isDated(await hasher.hash('x'))).toBe(false);
  });

  test.each(['', 'correct horse', '$scrypt$', '$scrypt$ln=99,r=8,p=1$AA$', '$argon2id$v=19$m=1,t=1,p=1$AA$AA'])(
    'is not %j',
    async (hashed) => {
      expect(await new PasswordHasher(CHEAP).verify('correct horse', hashed)).toBe(false);
    },
  );
});

test('nobody has a password, and it takes as long to say so', async () => {
  const hasher = new PasswordHasher({ ln: 14, r: 8, p: 1 });
  const hashed = await hasher.hash('correct horse');
  const timeOf = async (known: string | undefined): Promise<number> => {
    const begun = performance.now();
    expect(await hasher.verify('wrong', known)).toBe(false);
    return performance.now() - begun;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  for (let n = 0; n < 7; n++) {
    known.push(await timeOf(hashed));
    unknown.push(await timeOf(undefined));
  }
  // The quickest of each: what else the machine does only ever makes them slower.
  const ratio = Math.min(...unknown) / Math.min(...known);
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});

test('hashes wait for their turn, and too many are refused', async () => {
  const hasher = new PasswordHasher({ ln: 12, r: 8, p: 1 });
  const all = await Promise.allSettled(Array.from({ length: 30 }, () => hasher.hash('x')));
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(21);
  for (const one of all) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(TooBusy);
  await expect(hasher.hash('x')).resolves.toBeDefined();
});

test('the cost is what is recommended', () => {
  expect(HASH_COST).toEqual({ ln: 16, r: 8, p: 2 });
});
