import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Endpoint, pickableEndpoints } from './endpoints.js';
import { globMatcher, matcherOf } from './name-pattern.js';

const RULES = {
  technologies: new Set(['PJSIP', 'SIP']),
  isTrunkName: matcherOf(['provider', '_9X']),
  isTrunkContext: globMatcher(['from-trunk*']),
};
const CONTEXTS: Readonly<Record<string, string>> = {
  'trunk-2': 'from-trunk',
  'trunk-10': 'from-trunk-sip',
  '10': 'phones',
};

const pjsip = (name: string, state = 'online'): Endpoint => ({ technology: 'PJSIP', name, state });
const pick = (...endpoints: Endpoint[]) => pickableEndpoints(endpoints, RULES, ({ name }) => CONTEXTS[name]);

test('extensions and trunks are told apart as in calls, each in the order of numbers', () => {
  const { extensions, trunks } = pick(
    ...['10', 'trunk-10', '9', '2', 'provider', '91', 'trunk-2', 'alice', '1001'].map((name) => pjsip(name)),
  );
  expect(extensions.map(({ name }) => name)).toEqual(['2', '9', '10', '1001', 'alice']);
  expect(trunks.map(({ name }) => name)).toEqual(['91', 'provider', 'trunk-2', 'trunk-10']);
});

test('only technologies whose calls can be streamed; one name of two is one to pick', () => {
  const both = pick({ technology: 'SIP', name: '10', state: 'offline' }, pjsip('10'), {
    technology: 'Message',
    name: 'x',
    state: 'online',
  });
  expect(both).toEqual({ extensions: [{ technology: 'SIP, PJSIP', name: '10', state: 'online' }], trunks: [] });
});

test('each endpoint of a technology that counts is in exactly one of the lists', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 })), (names) => {
      const { extensions, trunks } = pick(...names.map((name) => pjsip(name)));
      const picked = [...extensions, ...trunks].map(({ name }) => name);
      expect(picked.toSorted()).toEqual([...new Set(names)].toSorted());
    }),
  );
});
