import { expect, test } from '@jest/globals';
import { similarName } from './similar-name.js';

const NAMES = ['password', 'passwordFile', 'username', 'url', 'serverAddress', 'sampleRate'];

test.each([
  ['pasword', 'password'],
  ['passwrod', 'password'],
  ['PASSWORD', 'password'],
  ['passwordfile', 'passwordFile'],
  ['sever_address', 'serverAddress'],
  ['uri', 'url'],
  ['samplingRate', 'sampleRate'],
])('%s means %s', (written, meant) => {
  expect(similarName(written, NAMES)).toBe(meant);
});

test.each(['', 'u', 'host', 'port', 'secret', 'constructor', '__proto__'])('%j means none of them', (written) => {
  expect(similarName(written, NAMES)).toBeUndefined();
});
