/** wss to every kind of server: who is trusted, what is said of who is not, and that nothing is sent before that is known. */
import { once } from 'node:events';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { EXPIRED, makeAuthority, NOT_YET_VALID, selfSigned } from '../../../test/certificates.js';
import type { ErrorCode } from '../../core/errors.js';
import { RECEIVER_ADVICE } from '../../core/receiver-advice.js';
import { type RelayDestination, RelaySocket } from './relay-socket.js';

const HOST = '127.0.0.1';
const SECRET = { name: 'X-Api-Key', value: 'hush-hush-0815' };
const authority = makeAuthority('the authority of the receiver');
const ofClients = makeAuthority('the authority of clients');
const good = authority.issue(HOST);

const servers: Server[] = [];
/** The values of the secret that any server has read, whether the upgrade came about or not. */
let secretsRead: (string | string[] | undefined)[] = [];
beforeEach(() => {
  secretsRead = [];
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function serving(options: ServerOptions): Promise<string> {
  const server = createServer(options);
  server.on('upgrade', ({ headers }) => secretsRead.push(headers['x-api-key']));
  new WebSocketServer({ server });
  servers.push(server);
  server.listen(0, HOST);
  await once(server, 'listening');
  return `wss://${HOST}:${(server.address() as AddressInfo).port}/`;
}

/** Opens, pings and closes; gives `good`, or the code of what went wrong and the words of it. */
async function dial(url: string, trust: Partial<RelayDestination> = { ca: authority.ca }) {
  const destination = { url, shownAs: url, secret: SECRET, ca: undefined, ...trust };
  return new Promise<{ code: 'good' | ErrorCode; message: string }>((resolve) => {
    const socket = new RelaySocket(destination, {
      onOpen: () => {
        socket.ping(1);
      },
      onFlushed: () => undefined,
      onPong: () => socket.close(),
      onText: () => undefined,
      onClosed: ({ problem }) => resolve({ code: problem?.code ?? 'good', message: problem?.message ?? '' }),
    });
  });
}

describe('a certificate that is not to be trusted: nothing is sent', () => {
  test.each([
    ['of an unknown authority', makeAuthority('another').issue(HOST), 'RECEIVER_CERTIFICATE', 'UNABLE_TO_'],
    ['signed by itself', selfSigned(HOST), 'RECEIVER_CERTIFICATE', 'self-signed'],
    ['expired', authority.issue(HOST, EXPIRED), 'RECEIVER_CERTIFICATE_EXPIRED', 'expired'],
    ['not valid yet', authority.issue(HOST, NOT_YET_VALID), 'RECEIVER_CERTIFICATE_EXPIRED', 'not yet valid'],
    ['for another name', authority.issue('pbx.example.com'), 'RECEIVER_CERTIFICATE_NAME', 'pbx.example.com'],
    ['for another address', authority.issue('192.0.2.1'), 'RECEIVER_CERTIFICATE_NAME', '192.0.2.1'],
  ] as const)('%s', async (_what, identity, code, words) => {
    const told = await dial(await serving(identity));
    expect(told).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(RECEIVER_ADVICE[code]).toBeDefined();
    expect(secretsRead).toEqual([]);
  });
});

describe('a certificate is taken', () => {
  test('for an address among its names', async () => {
    expect((await dial(await serving(good))).code).toBe('good');
    expect(secretsRead).toEqual([SECRET.value]);
  });

  test('that is its own authority, when that is named', async () => {
    const own = selfSigned(HOST);
    expect((await dial(await serving(own), { ca: own.cert })).code).toBe('good');
  });

  test('whatever it is, with the explicit switch', async () => {
    const insecure = { insecure: true };
    expect((await dial(await serving(selfSigned('pbx.example.com')), insecure)).code).toBe('good');
    expect((await dial(await serving(authority.issue(HOST, EXPIRED)), insecure)).code).toBe('good');
  });
});

describe('versions of TLS', () => {
  const old = { ...good, ciphers: 'DEFAULT@SECLEVEL=0' };

  test.each(['TLSv1', 'TLSv1.1'] as const)('%s is refused, even with the explicit switch', async (version) => {
    const url = await serving({ ...old, minVersion: version, maxVersion: version });
    expect((await dial(url)).code).toBe('RECEIVER_TLS_VERSION');
    expect((await dial(url, { insecure: true })).code).toBe('RECEIVER_TLS_VERSION');
    expect(secretsRead).toEqual([]);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s is spoken', async (version) => {
    expect((await dial(await serving({ ...good, minVersion: version, maxVersion: version }))).code).toBe('good');
  });
});

describe('a receiver that knows its clients by their certificates', () => {
  const mutual = { ...good, requestCert: true, rejectUnauthorized: true, ca: ofClients.ca };
  const trusting = { ca: authority.ca };

  test('takes the right one', async () => {
    const url = await serving(mutual);
    expect((await dial(url, { ...trusting, identity: ofClients.issue('the add-on') })).code).toBe('good');
  });

  test('gets none: that is said', async () => {
    const told = await dial(await serving({ ...mutual, minVersion: 'TLSv1.3' }), trusting);
    expect(told).toMatchObject({
      code: 'RECEIVER_WANTS_CERTIFICATE',
      message: expect.stringContaining('alert certificate required (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)'),
    });
    expect(secretsRead).toEqual([]);
  });

  // With TLS 1.2 a server says no more than that the handshake failed.
  test('gets none over TLS 1.2', async () => {
    const { code } = await dial(await serving({ ...mutual, maxVersion: 'TLSv1.2' }), trusting);
    expect(code).toBe('RECEIVER_TLS');
  });

  // A server of Node.js breaks the connection without a word.
  test('gets a wrong one', async () => {
    const identity = makeAuthority('another').issue('the add-on');
    const { code } = await dial(await serving(mutual), { ...trusting, identity });
    expect(code).toBe('RECEIVER_CONNECTION_LOST');
    expect(secretsRead).toEqual([]);
  });
});
