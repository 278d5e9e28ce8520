import { describe, expect, test } from '@jest/globals';
import { SESSION_LIMITS, Sessions } from './sessions.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function begun(...keys: string[]): Sessions {
  const sessions = new Sessions({ ...SESSION_LIMITS, perUser: 3, total: 5 });
  for (const key of keys) sessions.begin({ key, user: key.slice(0, 1), csrfToken: `csrf of ${key}` }, 0);
  return sessions;
}

describe('a session', () => {
  test('is found by its key, with its user and its token', () => {
    expect(begun('a1').use('a1', 0)).toMatchObject({ key: 'a1', user: 'a', csrfToken: 'csrf of a1' });
    expect(begun('a1').use('a2', 0)).toBeUndefined();
  });

  test('ends when it is not used for half an hour', () => {
    const sessions = begun('a1');
    expect(sessions.use('a1', 30 * MINUTE - 1)).toBeDefined();
    expect(sessions.use('a1', 60 * MINUTE - 2)).toBeDefined();
    expect(sessions.use('a1', 90 * MINUTE - 2)).toBeUndefined();
    expect(sessions.endExpired(90 * MINUTE - 2)).toEqual(['a1']);
    expect(sessions.size).toBe(0);
  });

  test('ends after twelve hours, however much it is used', () => {
    const sessions = begun('a1');
    for (let now = 0; now < 12 * HOUR; now += 20 * MINUTE) expect(sessions.use('a1', now)).toBeDefined();
    expect(sessions.use('a1', 12 * HOUR - 1)).toBeDefined();
    expect(sessions.use('a1', 12 * HOUR)).toBeUndefined();
  });

  test('that is ended is told once', () => {
    const sessions = begun('a1');
    expect(sessions.end('a1')).toEqual(['a1']);
    expect(sessions.end('a1')).toEqual([]);
    expect(sessions.use('a1', 0)).toBeUndefined();
  });
});

test('all of a user end, but for one', () => {
  const sessions = begun('a1', 'b1', 'a2', 'a3');
  expect(sessions.endOf('a', 'a2')).toEqual(['a1', 'a3']);
  expect(sessions.use('a2', 0)).toBeDefined();
  expect(sessions.use('b1', 0)).toBeDefined();
});

test('the one that was unused for longest makes room: of the same user, or of all', () => {
  const sessions = begun('a1', 'a2', 'a3');
  sessions.use('a1', 1);
  expect(sessions.begin({ key: 'a4', user: 'a', csrfToken: '' }, 2)).toEqual(['a2']);
  expect(sessions.begin({ key: 'b1', user: 'b', csrfToken: '' }, 3)).toEqual([]);
  expect(sessions.begin({ key: 'b2', user: 'b', csrfToken: '' }, 4)).toEqual([]);
  expect(sessions.begin({ key: 'b3', user: 'b', csrfToken: '' }, 5)).toEqual(['a3']);
  expect(sessions.size).toBe(5);
});

test('what is over makes room first', () => {
  const sessions = begun('a1', 'a2', 'a3');
  sessions.use('a3', 20 * MINUTE);
  expect(sessions.begin({ key: 'a4', user: 'a', csrfToken: '' }, 40 * MINUTE)).toEqual(['a1', 'a2']);
  expect(sessions.size).toBe(2);
});
