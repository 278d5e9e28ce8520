import { describe, expect, test } from '@jest/globals';
import {
  ADVERTISED_ADDRESS,
  APP_NAME,
  ASTERISK_URL,
  FIELD_NAME,
  FIELD_VALUE,
  LISTEN_ADDRESS,
  LISTEN_ADDRESS_OR_OFF,
  PASSWORD,
  SERVER_ADDRESS,
  type TextFormat,
  TRACES_ADDRESS,
  USERNAME,
} from './formats.js';

const GOOD: readonly [string, TextFormat, readonly string[]][] = [
  ['asterisk.url', ASTERISK_URL, ['http://127.0.0.1:8088', 'https://pbx.example.com:8089/pbx/', 'http://[::1]:8088']],
  ['serverAddress', SERVER_ADDRESS, ['ws://a', 'wss://example.com:9/x/y?key=1', `ws://a/${'x'.repeat(248)}`]],
  ['listen', LISTEN_ADDRESS, ['127.0.0.1:40000', '[::1]:0', '0.0.0.0:1', 'localhost:40000']],
  ['monitoring.listen', LISTEN_ADDRESS_OR_OFF, ['127.0.0.1:9464', '[::]:0', 'off']],
  ['traces', TRACES_ADDRESS, ['http://127.0.0.1:4318', 'https://otel.example.com/v1/traces?key=1']],
  ['advertise', ADVERTISED_ADDRESS, ['192.0.2.1', '192.0.2.1:5', 'example.com', '::1', '[::1]', '[::1]:5']],
  ['username', USERNAME, ['ari', 'Müller']],
  ['password', PASSWORD, ['a:b c"\'\\', 'ä']],
  ['app', APP_NAME, ['ari-audio-stream', 'A.b_2']],
  ['secret name', FIELD_NAME, ['Secret', 'Authorization', 'X-Api-Key', "!#$%&'*+-.^_`|~", 'x'.repeat(63)]],
  ['secret value', FIELD_VALUE, ['Bearer a.b.c==', 'a\tb', '~'.repeat(255)]],
];

const BAD: readonly [string, TextFormat, readonly string[]][] = [
  ['monitoring.listen', LISTEN_ADDRESS_OR_OFF, ['no', 'OFF', '9464', '127.0.0.1']],
  ['traces', TRACES_ADDRESS, ['grpc://a:4317', 'http://me:pw@a', 'http://a/#b', 'a:4318']],
  [
    'asterisk.url',
    ASTERISK_URL,
    [
      'pbx:8088',
      'ftp://a',
      'http://u:p@a',
      'http://u@a',
      'http://a?x',
      'http://a#x',
      'http://a/ari',
      'http://a/pbx/ari/',
    ],
  ],
  [
    'serverAddress',
    SERVER_ADDRESS,
    ['http://a', 'wss://u:p@a', 'ws://a#', 'ws://a/ä', `ws://a/${'x'.repeat(249)}`, 'ws://a b', 'ws://'],
  ],
  ['listen', LISTEN_ADDRESS, ['40000', ':40000', '::1:40000', '127.0.0.1']],
  ['advertise', ADVERTISED_ADDRESS, ['0.0.0.0', '0.0.0.0:5', '::', '[::]:5', '192.0.2.1:0', 'a:b', 'a b']],
  ['username', USERNAME, ['a:b', 'a\nb', 'x'.repeat(256)]],
  ['password', PASSWORD, ['a\nb', '\0', 'x'.repeat(256)]],
  ['app', APP_NAME, ['a b', 'a,b', 'a/b', 'ä', 'x'.repeat(65)]],
  [
    'secret name',
    FIELD_NAME,
    [
      'Host',
      'CONNECTION',
      'upgrade',
      'Sec-WebSocket-Key',
      'Sec-Websocket-Protocol',
      'Content-Length',
      'Transfer-Encoding',
    ].concat(['a b', 'a:b', 'ä', 'a\r\nb', 'x'.repeat(64)]),
  ],
  ['secret value', FIELD_VALUE, [' a', 'a ', 'a\t', 'a\r\nX: y', 'a\0', 'ä', '\x7f', 'x'.repeat(256)]],
];

describe.each(GOOD)('%s takes', (_, format, texts) => {
  test.each(texts)('%j', (text) => {
    expect(format.faultIn(text)).toBeUndefined();
  });
});

describe.each(BAD)('%s refuses', (_, format, texts) => {
  test.each(texts)('%j, without repeating it', (text) => {
    const fault = format.faultIn(text);
    expect(fault).toMatch(/^(?:is|has|holds|does|ends|begins|stands) /);
    if (text.length > 8) expect(fault).not.toContain(text);
  });
});
