import { describe, expect, test } from '@jest/globals';
import { SignInThrottle } from './sign-in-throttle.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** Tries as soon as it may, until the time is over; returns when. */
function guesses(
  throttle: SignInThrottle,
  from: (n: number) => string,
  account: string | ((n: number) => string),
  until: number,
): number[] {
  const at: number[] = [];
  let now = 0;
  while (now < until) {
    const name = typeof account === 'string' ? account : account(at.length);
    const wait = throttle.begin(from(at.length), name, now);
    if (wait === 0) at.push(now);
    else now += wait;
  }
  return at;
}

describe('one address', () => {
  test('has five wrong tries free, then waits 1, 2, 4 … seconds, at most 15 minutes', () => {
    const at = guesses(
      new SignInThrottle(),
      () => '192.0.2.1',
      (n) => `user${n}`,
      120 * MINUTE,
    );
    const pauses = at.slice(1).map((time, index) => (time - (at[index] ?? 0)) / SECOND);
    expect(pauses.slice(0, 9)).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(900);
    expect(Math.max(...pauses)).toBeGreaterThan(100);
  });

  test('gets fewer than six hundred guesses in a day', () => {
    const at = guesses(new SignInThrottle(), () => '192.0.2.1', 'admin', DAY);
    expect(at.length).toBeLessThan(600);
  });

  test('of IPv6 is its network: another address in it does not help', () => {
    const at = guesses(new SignInThrottle(), (n) => `2001:db8:1:2::${n.toString(16)}`, 'admin', MINUTE);
    expect(at.length).toBeLessThan(12);
  });

  test('does not hold back another', () => {
    const throttle = new SignInThrottle();
    guesses(throttle, () => '192.0.2.1', 'somebody', 10 * MINUTE);
    expect(throttle.begin('192.0.2.1', 'admin', 10 * MINUTE)).toBeGreaterThan(0);
    expect(throttle.begin('192.0.2.2', 'admin', 10 * MINUTE)).toBe(0);
  });

  test('has its wrong tries forgotten in time', () => {
    const throttle = new SignInThrottle();
    for (let n = 0; n < 4; n++) throttle.begin('192.0.2.1', 'admin', 0);
    for (let n = 0; n < 4; n++) expect(throttle.begin('192.0.2.1', 'admin', 15 * MINUTE)).toBe(0);
  });
});

describe('one account', () => {
  test('gets fewer than 3000 guesses a day, from however many addresses', () => {
    const at = guesses(new SignInThrottle(), (n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, 'admin', DAY);
    expect(at.length).toBeLessThan(3_000);
  });

  test('is never held back for more than half a minute', () => {
    const throttle = new SignInThrottle();
    guesses(throttle, (n) => `10.0.${n >> 8}.${n & 255}`, 'admin', 60 * MINUTE);
    expect(throttle.begin('192.0.2.9', 'admin', 60 * MINUTE)).toBeLessThanOrEqual(30 * SECOND);
  });

  test('lets its owner in where he was in before, whatever others try', () => {
    const throttle = new SignInThrottle();
    throttle.begin('192.0.2.9', 'Admin', 0);
    throttle.succeeded('192.0.2.9', 'Admin');
    guesses(throttle, (n) => `10.0.${n >> 8}.${n & 255}`, 'admin', 60 * MINUTE);
    expect(throttle.begin('192.0.2.8', 'admin', 60 * MINUTE)).toBeGreaterThan(0);
    expect(throttle.begin('192.0.2.9', 'admin', 60 * MINUTE)).toBe(0);
  });
});

test('tries at the same time count before any of them is known to be wrong', () => {
  const throttle = new SignInThrottle();
  const waits = Array.from({ length: 100 }, () => throttle.begin('192.0.2.1', 'admin', 0));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
});

test('the right password does not count', () => {
  const throttle = new SignInThrottle();
  for (let n = 0; n < 50; n++) {
    expect(throttle.begin('192.0.2.1', 'admin', n)).toBe(0);
    throttle.succeeded('192.0.2.1', 'admin');
  }
});

test('an account of his own does not help who guesses the password of another', () => {
  const throttle = new SignInThrottle();
  let guessed = 0;
  for (let now = 0; now < 10 * MINUTE; now += 100) {
    if (throttle.begin('192.0.2.1', 'mine', now) === 0) throttle.succeeded('192.0.2.1', 'mine');
    if (throttle.begin('192.0.2.1', 'admin', now) === 0) guessed += 1;
  }
  expect(guessed).toBeLessThan(20);
});

test('memory is bounded', () => {
  const throttle = new SignInThrottle();
  for (let n = 0; n < 40_000; n++) {
    const address = `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
    throttle.begin(address, `user${n}`, n);
    throttle.succeeded(address, `user${n}`);
    throttle.begin(address, `other${n}`, n);
  }
  expect(throttle.size).toBeLessThanOrEqual(30_000);
});
