import { expect, test } from '@jest/globals';
import { makeAuthority } from '../../test/certificates.js';
import { secureContextOf } from './tls-client.js';

const { ca } = makeAuthority();
const ofClients = makeAuthority('the authority of clients');

test('connections that trust alike and are alike share what is made ready, others do not', () => {
  const first = secureContextOf({ ca });
  expect(first).toBeDefined();
  // Whether the certificate is looked at is a matter of each connection.
  expect(secureContextOf({ ca: `${ca}`, insecure: true })).toBe(first);
  const others = [
    { ca: undefined },
    { ca: ofClients.ca },
    { ca, identity: ofClients.issue('one') },
    { ca, identity: ofClients.issue('another') },
  ].map(secureContextOf);
  expect(others).not.toContain(undefined);
  expect(new Set([first, ...others]).size).toBe(5);
});

test('what is no certificate is left to the connection to tell', () => {
  expect(secureContextOf({ ca: undefined, identity: { cert: 'none', key: 'none' } })).toBeUndefined();
  expect(secureContextOf({ ca })).toBeDefined();
});
