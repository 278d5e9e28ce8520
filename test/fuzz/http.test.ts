/** Whatever a browser, a program or a stranger sends to the page: an answer in words, no crash, no error inside, and no secret. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyJson, spoilt, text } from './any-json.js';
import { type HttpPortal, openHttpPortal } from './http-portal.js';
import { runs } from './runs.js';

let portal: HttpPortal;
let count = 0;
beforeAll(async () => {
  portal = await openHttpPortal();
});
afterAll(() => portal.close());

const KEYS = [
  'revision',
  'basis',
  'streaming',
  'enable',
  'serverAddress',
  'secretName',
  'secretValue',
  'sampleRate',
  'bufferSeconds',
  'earlyMedia',
  'subscriptions',
  'extensions',
  'applyToRunning',
  'name',
  'password',
  'code',
  'role',
  'mayListen',
  'mayReadSecrets',
  'websocket_url',
  'auth_key',
  'auth_value',
  'sample_rate',
  'subscribe_list',
  'subscribe_type',
  'subscribe_id',
  'isStreamed',
  'isPaused',
];
const SETTINGS_CHANGE = {
  revision: 0,
  streaming: {
    enable: true,
    serverAddress: 'ws://from.file',
    secretName: 'X-Key',
    secretValue: null,
    sampleRate: 16_000,
    bufferSeconds: 30,
    earlyMedia: false,
    subscriptions: {
      enableExtensions: true,
      extensions: ['1001', '_10XX'],
      enableExtensionGroups: true,
      extensionGroups: ['sales'],
      enableTrunks: true,
      trunks: ['*'],
      enableDids: false,
      dids: ['+49 30 1'],
    },
  },
  applyToRunning: true,
};
const COMPATIBLE = {
  enable: 1,
  websocket_url: 'ws://from.file',
  auth_key: 'X-Key',
  auth_value: '********',
  sample_rate: 1,
  enable_ext: 1,
  enable_trunk: 0,
  enable_did: 0,
  subscribe_list: [{ id: 1, subscribe_type: 'extension', subscribe_id: 1001 }],
};
const OTHERS = [
  { name: 'admin', password: 'wrong wrong wrong' },
  { code: '7KQM-3XTA-RW9D', name: 'eve', password: 'a long password of hers' },
  { name: 'eve', password: 'a long password of hers', role: 'reader', mayListen: true },
  { name: 'a program', role: 'reader', mayListen: false, mayReadSecrets: false },
  { isPaused: true },
  { isStreamed: true },
  { serverAddress: 'ws://a/', secretName: 'X', secretValue: 'y' },
  { applyToRunning: false },
];

const json = fc.oneof(anyJson(...KEYS), ...[SETTINGS_CHANGE, COMPATIBLE, ...OTHERS].map((good) => spoilt(good, KEYS)));
const body = fc.oneof(
  { weight: 6, arbitrary: json.map((value) => JSON.stringify(value) ?? '') },
  {
    weight: 1,
    arbitrary: fc.tuple(json, fc.nat(200)).map(([value, length]) => (JSON.stringify(value) ?? '').slice(0, length)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }).map((octets) => Buffer.from(octets)) },
  { weight: 1, arbitrary: fc.constantFrom('', '[', '{"__proto__":{}}', '['.repeat(5000), '9'.repeat(400)) },
);
const contentType = fc.constantFrom(
  'application/json',
  'application/json',
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  '',
);
/** Node refuses others before a request is made of them; those are in http-bytes. */
const headerText = fc.string({ maxLength: 40 }).map((one) => one.replace(/[^\t\x20-\x7e]/g, ''));
const who = fc.constantFrom('nobody', 'nobody', 'admin', 'admin', 'admin without CSRF', 'token', 'token', 'garbage');
const escaped = text.map((one) => encodeURIComponent(Buffer.from(one).toString()));
const part = fc.oneof(escaped, fc.constantFrom('%', '%zz', '..', '.', '%2e%2e', '%2f', 'x'.repeat(900), '1001', '1'));
const query = fc.array(
  fc.tuple(fc.constantFrom('limit', 'after', 'search', 'access_token', 'channelid', '__proto__', 'a[b]'), part),
  { maxLength: 4 },
);

const request = fc.record({
  route: fc.nat(),
  parts: fc.array(part, { minLength: 3, maxLength: 3 }),
  query,
  body,
  contentType,
  who,
  odd: headerText,
  hasBody: fc.boolean(),
});
type Request = typeof request extends fc.Arbitrary<infer R> ? R : never;

function credentials({ who: kind, odd }: Request): Record<string, string> {
  const { admin, token } = portal;
  switch (kind) {
    case 'admin':
      return { cookie: admin.cookie, 'x-csrf-token': admin.csrfToken };
    case 'admin without CSRF':
      return { cookie: admin.cookie, 'x-csrf-token': odd };
    case 'token':
      return { authorization: `Bearer ${token}` };
    case 'garbage':
      return { cookie: `${admin.cookie.slice(0, 20)}${odd}; ${odd}`, authorization: odd, 'x-csrf-token': odd };
    default:
      return {};
  }
}

async function answerTo(asked: Request) {
  const { routes, api } = portal;
  const route = routes[asked.route % routes.length];
  if (route === undefined) throw new Error('there is no route');
  let next = 0;
  const path = route.url.replace(/:\w+|\*/g, () => asked.parts[next++] ?? 'x');
  const search = asked.query.map((pair) => pair.join('=')).join('&');
  count += 1;
  // A sign-out would end the sessions of all that follow; it is tried by nobody in particular.
  const isSignOut = route.method === 'DELETE' && route.url.endsWith('/session');
  const isOwnToken = route.url.includes('/tokens/') && route.method === 'DELETE';
  const headers = {
    host: '127.0.0.1',
    origin: 'http://127.0.0.1',
    ...(isSignOut || isOwnToken ? {} : credentials(asked)),
    ...(asked.hasBody && asked.contentType !== '' && { 'content-type': asked.contentType }),
  };
  return api.inject({
    method: route.method as 'GET',
    url: search === '' ? path : `${path}?${search}`,
    headers,
    // Another stranger each time: else most would be refused as too many.
    remoteAddress: `10.${(count >> 16) & 255}.${(count >> 8) & 255}.${count & 255}`,
    ...(asked.hasBody && route.method !== 'GET' && { payload: asked.body }),
  });
}

test('every request of every route has an answer in words, and nothing goes wrong inside', async () => {
  await fc.assert(
    fc.asyncProperty(request, async (asked) => {
      const answer = await answerTo(asked);
      expect(portal.errors).toEqual([]);
      expect(answer.statusCode).toBeLessThan(500);
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      if (answer.statusCode >= 400) expect(answer.json()).toMatchObject({ error: { code: expect.any(String) } });
      if (asked.who !== 'token' && asked.who !== 'admin') expect(answer.body).not.toContain('hunter2');
      expect(answer.body).not.toContain('hush-hush');
    }),
    runs(0.5),
  );
});

test('after all of it the page still answers as before', async () => {
  const { admin, api } = portal;
  const headers = { host: '127.0.0.1', cookie: admin.cookie };
  const answer = await api.inject({ method: 'GET', url: '/api/v1/settings', headers, remoteAddress: '127.0.0.9' });
  expect(answer.statusCode).toBe(200);
});
