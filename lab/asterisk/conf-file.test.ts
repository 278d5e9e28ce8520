import { expect, test } from '@jest/globals';
import { setInConf } from './conf-file.js';

const CONF = `; Two users.
[general]
enabled = yes

[first](user)
password = change-me   ; a comment
; password = old

[second](user)
allow = ulaw
`;

test('a value is changed in its own section only, and all else stays', () => {
  expect(setInConf(CONF, 'first', 'password', 'secret')).toBe(
    CONF.replace('password = change-me   ; a comment', 'password = secret'),
  );
});

test('a key that the section has not yet comes right under its head', () => {
  expect(setInConf(CONF, 'second', 'password', 'other')).toBe(
    CONF.replace('[second](user)\n', '[second](user)\npassword = other\n'),
  );
});

test('a line that is commented out is no value', () => {
  const commented = '[only]\n;port = 1\n';
  expect(setInConf(commented, 'only', 'port', '2')).toBe('[only]\nport = 2\n;port = 1\n');
});

test('a section that is not there is a fault of ours', () => {
  expect(() => setInConf(CONF, 'third', 'password', 'x')).toThrow('[third]');
});
