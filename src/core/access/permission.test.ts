import { expect, test } from '@jest/globals';
import { isAllowed, type Permission, type Role } from './permission.js';

const TABLE: readonly [Role, boolean, readonly Permission[]][] = [
  ['admin', true, ['nothing', 'look', 'change', 'administer', 'listen']],
  ['admin', false, ['nothing', 'look', 'change', 'administer']],
  ['reader', true, ['nothing', 'look', 'listen']],
  ['reader', false, ['nothing', 'look']],
];
const ALL: readonly Permission[] = ['nothing', 'look', 'change', 'administer', 'listen'];

test.each(TABLE)('%s, may listen: %s', (role, mayListen, expected) => {
  expect(ALL.filter((needed) => isAllowed({ role, mayListen }, needed))).toEqual(expected);
});
