import { describe, expect, test } from '@jest/globals';
import type { TextFormat } from './formats.js';
import { BASE_PATH, HOST_NAME, PROXY } from './web-formats.js';

const GOOD: readonly [string, TextFormat, readonly string[]][] = [
  ['a base path', BASE_PATH, ['/audio', '/a/b', '/a.b', '/~x_1-2']],
  ['a proxy', PROXY, ['127.0.0.1', '::1', '10.0.0.0/8', '192.0.2.7/32', '2001:db8::/32', 'fe80::/128']],
  ['a host', HOST_NAME, ['pbx.example.com', 'pbx', '192.0.2.1', '::1']],
];

const BAD: readonly [string, TextFormat, readonly string[]][] = [
  [
    'a base path',
    BASE_PATH,
    ['', '/', 'audio', '/audio/', '//', '/a//b', '/..', '/a/../b', '/.', '/a b', '/%2e', '/a?b', '/ä'],
  ],
  [
    'a proxy',
    PROXY,
    [
      '',
      'proxy',
      '10.0.0',
      '10.0.0.0/33',
      '10.0.0.0/0',
      '::/0',
      '::1/129',
      '10.0.0.0/8/8',
      '10.0.0.0/',
      '[::1]',
      '10.0.0.0/-1',
    ],
  ],
  ['a host', HOST_NAME, ['', 'pbx:80', 'http://pbx', 'a b', '*', '*.example.com']],
];

describe.each(GOOD)('%s may be', (_, format, texts) => {
  test.each(texts)('%j', (text) => {
    expect(format.faultIn(text)).toBeUndefined();
  });
});

describe.each(BAD)('%s may not be', (_, format, texts) => {
  test.each(texts)('%j', (text) => {
    expect(format.faultIn(text)).toMatch(/^(?:is|has|holds|does|ends|trusts) /);
  });
});
