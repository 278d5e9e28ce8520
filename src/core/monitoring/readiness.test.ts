import { expect, test } from '@jest/globals';
import { readiness } from './readiness.js';

const SINCE = Date.UTC(2026, 0, 1);
const NOW = SINCE + 12_400;
const UP = { version: '22.10.1', since: SINCE, problem: undefined };
const DOWN = { version: undefined, since: SINCE, problem: { code: 'ARI_REFUSED', message: 'Nothing answers' } };
const UNTRIED = { since: undefined, problem: undefined };
const AWAY = { since: SINCE, problem: { code: 'RECEIVER_REFUSED', message: 'Nobody there' } };

test('with the link to Asterisk it is ready, whatever the receiver does', () => {
  expect(readiness(UP, UNTRIED, NOW)).toEqual({
    isReady: true,
    report: {
      status: 'ready',
      missing: [],
      warnings: [],
      asterisk: { state: 'up', version: '22.10.1', since: '2026-01-01T00:00:00.000Z' },
      receiver: { state: 'not tried yet' },
    },
  });
  expect(readiness(UP, AWAY, NOW)).toMatchObject({
    isReady: true,
    report: {
      warnings: ['the receiver is missing for 12 s: Nobody there'],
      receiver: { state: 'away', code: 'RECEIVER_REFUSED', problem: 'Nobody there' },
    },
  });
  expect(readiness(UP, { since: SINCE, problem: undefined }, NOW)).toMatchObject({
    report: { receiver: { state: 'reached' }, warnings: [] },
  });
});

test('without it it is not, and says in words what is missing and since when', () => {
  expect(readiness(DOWN, UNTRIED, NOW)).toMatchObject({
    isReady: false,
    report: {
      status: 'not ready',
      missing: ['the link to Asterisk is missing for 12 s: Nothing answers'],
      asterisk: { state: 'down', code: 'ARI_REFUSED' },
    },
  });
  const untried = readiness({ ...UNTRIED, version: undefined }, UNTRIED, NOW);
  expect(untried.report).toMatchObject({ missing: ['the link to Asterisk is missing'] });
});

test('a clock that was set back makes no negative time', () => {
  expect(readiness(DOWN, UNTRIED, SINCE - 5000).report).toMatchObject({
    missing: ['the link to Asterisk is missing for 0 s: Nothing answers'],
  });
});
