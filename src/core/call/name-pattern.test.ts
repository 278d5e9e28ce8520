import { expect, test } from '@jest/globals';
import { endpointOf, isHusk, technologyOf } from './channel.js';
import { globMatcher, matcherOf } from './name-pattern.js';

test.each([
  ['1001', '1001', true],
  ['1001', '10011', false],
  ['*', 'anything', true],
  ['_10XX', '1042', true],
  ['_10XX', '104', false],
  ['_10xx', '1042', true],
  ['_ZN', '12', true],
  ['_ZN', '02', false],
  ['_ZN', '11', false],
  ['_[13-5]X', '49', true],
  ['_[13-5]X', '29', false],
  ['_+1555.', '+15550000', true],
  ['_+1555.', '+1555', false],
  ['_+1555!', '+1555', true],
  ['_desk-X', 'desk-7', true],
  ['_[^a]', '^', true],
  ['_[^a]', 'b', false],
  ['_[]', 'x', false],
  ['_(X', '(5', true],
  ['_[12', '[12', true],
])('%s against %s: %s', (entry, name, matches) => {
  expect(matcherOf([entry])(name)).toBe(matches);
});

test('a list matches when any entry does', () => {
  expect(['1001', '2005', '3000'].filter(matcherOf(['1001', '_20XX']))).toEqual(['1001', '2005']);
});

test.each([
  ['PJSIP/1009-00000007', 'PJSIP', '1009', false],
  ['PJSIP/desk-phone-0000001a', 'PJSIP', 'desk-phone', false],
  ['DAHDI/i1/5551234-1', 'DAHDI', 'i1/5551234', false],
  ['PJSIP/1009-00000007<ZOMBIE>', 'PJSIP', '1009-00000007<ZOMBIE>', true],
  ['PJSIP/1009-00000007<MASQ>', 'PJSIP', '1009-00000007<MASQ>', true],
  ['', '', '', false],
])('%s is of technology %s, endpoint %s', (name, technology, endpoint, husk) => {
  expect([technologyOf(name), endpointOf(name), isHusk(name)]).toEqual([technology, endpoint, husk]);
});

test.each([
  ['from-trunk*', 'from-trunk-pjsip-carrier', true],
  ['from-trunk*', 'from-trunk', true],
  ['from-trunk', 'from-trunk-2', false],
  ['*-menu', 'my-menu', true],
  ['ivr.*', 'ivr-1', false],
])('the glob %s against %s: %s', (glob, name, matches) => {
  expect(globMatcher([glob])(name)).toBe(matches);
});
