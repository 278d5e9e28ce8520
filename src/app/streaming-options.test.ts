/** What is said of connections whose certificate nobody verifies. */
import { expect, test } from '@jest/globals';
import type { LogFields } from '../core/log.js';
import { settingsFrom } from '../core/settings/settings.js';
import { checkValues } from '../io/settings/convict-values.js';
import { destinationOf, unverified, warnOfUnverified } from './streaming-options.js';

function settings(changes: Readonly<Record<string, unknown>>) {
  const { values } = checkValues([new Map(Object.entries({ 'asterisk.password': 'pw', ...changes })) as never]);
  return settingsFrom(values, { defaultStateDir: '/nowhere' });
}

function warnings(changes: Readonly<Record<string, unknown>>): string[] {
  const told: string[] = [];
  const warn = (message: string, _fields?: LogFields) => void told.push(message);
  const silent = () => undefined;
  warnOfUnverified(settings(changes), {
    warn,
    error: silent,
    info: silent,
    debug: silent,
    isDebugEnabled: () => false,
  });
  return told;
}

test('each switch is warned of where it has an effect: over TLS', () => {
  expect(warnings({})).toEqual([]);
  const both = { 'streaming.insecure': true, 'asterisk.insecure': true };
  expect(warnings({ ...both, 'streaming.serverAddress': 'ws://a/', 'asterisk.url': 'http://a' })).toEqual([]);
  expect(warnings({ ...both, 'streaming.serverAddress': 'wss://a/', 'asterisk.url': 'https://a' })).toEqual([
    expect.stringContaining('asterisk.insecure is true'),
    expect.stringContaining('streaming.insecure is true'),
  ]);
  expect(unverified(settings({ ...both, 'streaming.serverAddress': 'wss://a/' }))).toEqual({
    asterisk: false,
    receiver: true,
  });
});

test('a certificate without its key is none', () => {
  const { streaming } = settings({});
  expect(destinationOf({ ...streaming, cert: 'PEM' }, 'wss://a/?key=x')).toMatchObject({
    shownAs: 'wss://a/?…',
    identity: undefined,
    insecure: false,
  });
  expect(destinationOf({ ...streaming, cert: 'C', key: 'K' }, 'wss://a/').identity).toEqual({ cert: 'C', key: 'K' });
});
