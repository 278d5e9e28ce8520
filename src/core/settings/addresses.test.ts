import { isIPv4, isIPv6 } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isUnspecified, parseHost, parseHostPort, parseWebAddress } from './addresses.js';

describe('HOST:PORT', () => {
  test.each([
    ['127.0.0.1:40000', '127.0.0.1', 40000],
    ['pbx.example.com:0', 'pbx.example.com', 0],
    ['[::1]:65535', '::1', 65535],
    ['[2001:db8::192.0.2.1]:5', '2001:db8::192.0.2.1', 5],
  ])('%s', (text, host, port) => {
    expect(parseHostPort(text)).toEqual({ host, port });
  });

  test.each([
    '',
    ':40000',
    '127.0.0.1',
    '127.0.0.1:',
    '127.0.0.1:65536',
    '127.0.0.1:-1',
    '127.0.0.1:4x',
    '::1:40000',
    '[127.0.0.1]:40000',
    '[::1:40000',
    'a b:1',
    '1.2.3:4',
    '1.2.3.256:4',
  ])('not %j', (text) => {
    expect(parseHostPort(text)).toBeUndefined();
  });
});

describe('a host', () => {
  test('is told from junk as Node does', () => {
    const almostAddress = fc.stringMatching(/^[0-9a-f:.]{1,24}$/);
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), almostAddress), (text) => {
        const isAddress = isIPv4(text) || isIPv6(text);
        const isName = !text.includes(':') && !/(?:^|\.)(?:\d+|0x[0-9a-f]*)$/.test(text) && /^[0-9a-f]/.test(text);
        expect({ text, host: parseHost(text) !== undefined }).toEqual({
          text,
          host: isAddress || (isName && text.split('.').every((label) => label !== '')),
        });
      }),
      { numRuns: 2_000 },
    );
  });

  test('in brackets is an IPv6 address', () => {
    expect(parseHost('[::1]')).toBe('::1');
    expect(parseHost('[localhost]')).toBeUndefined();
  });

  test.each([
    ['0.0.0.0', true],
    ['::', true],
    ['0:0::0', true],
    ['::0.0.0.0', true],
    ['::1', false],
    ['10.0.0.0', false],
  ])('%s is every address of the machine: %s', (host, expected) => {
    expect(isUnspecified(host)).toBe(expected);
  });
});

describe('a web address', () => {
  test('is cut into its parts', () => {
    expect(parseWebAddress('WSS://user:pw@Example.com:8443/a/b?x=1&y#end')).toEqual({
      scheme: 'wss',
      userInfo: 'user:pw',
      host: 'Example.com',
      port: 8443,
      path: '/a/b',
      query: 'x=1&y',
      fragment: 'end',
    });
    expect(parseWebAddress('http://[::1]')).toMatchObject({ host: '::1', port: undefined, path: '', query: undefined });
  });

  test.each([
    'example.com',
    'http://',
    'http:///path',
    'http://host:0',
    'http://host:99999',
    'http://host:port',
    'http://ho st/',
    'http://host/a b',
    'http://host/%zz',
    'http://::1/',
    'http://host/\n',
    ' http://host',
  ])('not %j', (text) => {
    expect(parseWebAddress(text)).toBeUndefined();
  });

  test('that is taken is one that Node takes, with the same host, port and path', () => {
    const piece = fc.constantFrom(
      'a',
      '1',
      '.',
      '-',
      '_',
      ':',
      '/',
      '@',
      '?',
      '#',
      '%',
      '41',
      '[',
      ']',
      '::1',
      '0x',
      'b',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const text = `http://${pieces.join('')}`;
        const ours = parseWebAddress(text);
        if (ours === undefined) return;
        const theirs = new URL(text);
        expect(theirs.hostname.replace(/^\[|\]$/g, '')).toBe(ours.host.toLowerCase());
        expect(theirs.port === '' ? [80, undefined] : [Number(theirs.port)]).toContain(ours.port);
        expect(theirs.hash).toBe(ours.fragment ? `#${ours.fragment}` : '');
      }),
      { numRuns: 5_000 },
    );
  });
});
