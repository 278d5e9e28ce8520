/** Who may do what, over the real portal: every route that there is, asked by everybody that there can be. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isAllowed, type Permission } from '../src/core/access/permission.js';
import { type FoundRoute, programRoutes, routeFinder } from './every-route.js';
import type { PortalClient } from './portal-client.js';
import { RunningPortal } from './running-portal.js';

const PASSWORD = 'another long password';
/** A route of another program's that says nothing of who may use it, and one for each need, which cannot fail by itself. */
const OTHER_ROUTES = ['look', 'change', 'administer', 'listen'] as const;

interface Asker {
  readonly who: string;
  readonly rights: { readonly role: 'admin' | 'reader'; readonly mayListen: boolean } | undefined;
  client(): Promise<PortalClient>;
}

let running: RunningPortal;
const found: FoundRoute[] = [];

beforeAll(async () => {
  const others = OTHER_ROUTES.flatMap((needs) => [{ needs, url: `/api/v1/for-${needs}` }]);
  running = await RunningPortal.open({
    routes: [
      routeFinder(found),
      ...programRoutes(),
      (api) => {
        api.get('/api/v1/for-nobody', async () => 'never');
        api.post('/api/v1/for-nobody', { config: {} }, async () => 'never');
        for (const { needs, url } of others) api.post(url, { config: { needs } }, async () => ({ done: needs }));
      },
    ],
  });
  for (const role of ['admin', 'reader'] as const) {
    for (const mayListen of [true, false]) {
      await running.access.accounts.addUser({ name: `${role}-${mayListen}`, password: PASSWORD, role, mayListen });
    }
  }
});
afterAll(() => running.close());

const ASKERS: readonly Asker[] = [
  { who: 'nobody', rights: undefined, client: async () => running.client() },
  {
    who: 'a wrong token',
    rights: undefined,
    client: async () => Object.assign(running.client(), { token: `aas_${'x'.repeat(43)}` }),
  },
  ...(['admin', 'reader'] as const).flatMap((role) =>
    [true, false].flatMap((mayListen) => [
      {
        who: `a user who is ${role}, listens: ${mayListen}`,
        rights: { role, mayListen },
        client: async () => {
          const client = running.client();
          await client.signIn(`${role}-${mayListen}`, PASSWORD);
          return client;
        },
      },
      {
        who: `a token that is ${role}, listens: ${mayListen}`,
        rights: { role, mayListen },
        client: () => running.tokenClient({ role, mayListen }),
      },
    ]),
  ),
];

function address({ url }: FoundRoute): string {
  return url.replace('*', 'x').replace(/:\w+/g, 'none');
}

describe.each(ASKERS)('$who', ({ rights, client: makeClient }) => {
  test('reaches every route that these rights allow, and no other', async () => {
    const client = await makeClient();
    const wrong: unknown[] = [];
    // Signing out would end the test for the routes after it, so it comes last.
    // What the compatible API refuses it says in the body, of which HEAD has none.
    const asked = found.filter(({ method, takesTokenInQuery }) => method !== 'HEAD' || !takesTokenInQuery);
    const routes = asked.sort((one, other) => order(one) - order(other));
    for (const route of routes) {
      const { needs } = route;
      const expected = expectedOf(rights, needs);
      const answer = await outcomeOf(client, route);
      if (answer !== expected) wrong.push({ route: `${route.method} ${route.url}`, needs, expected, answer });
    }
    expect(wrong).toEqual([]);
    expect(routes.length).toBeGreaterThan(40);
  });
});

function order({ method, url }: FoundRoute): number {
  return method === 'DELETE' && url.endsWith('/session') ? 1 : 0;
}

function expectedOf(rights: Asker['rights'], needs: Permission | undefined): string {
  if (needs === undefined) return 'forbidden';
  if (needs === 'nothing') return 'reached';
  if (rights === undefined) return 'not signed in';
  return isAllowed(rights, needs) ? 'reached' : 'forbidden';
}

/** Whatever a route answers by itself, it was reached: it may want another body, or find nothing of the name `none`. */
async function outcomeOf(client: PortalClient, route: FoundRoute): Promise<string> {
  const path = address(route);
  if (route.isWebSocket && route.method === 'GET') {
    const { status, socket } = await client.upgrade(path);
    socket?.terminate();
    return wordOf(status, '');
  }
  const body = ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE'].includes(route.method) ? undefined : {};
  const { status, text } = await client.ask(route.method, path, { body });
  // The compatible API answers 200 whatever happens, with a code of its own.
  const { errmsg } = text.startsWith('{"errcode"') ? (JSON.parse(text) as { errmsg: string }) : { errmsg: '' };
  return wordOf(status, errmsg === '' ? codeOf(text) : errmsg);
}

function codeOf(text: string): string {
  return /"code":"(\w+)"/.exec(text)?.[1] ?? '';
}

function wordOf(status: number, code: string): string {
  if (code === 'NOT_SIGNED_IN' || code === 'TOKEN EXPIRED' || (status === 401 && code === '')) return 'not signed in';
  if (code === 'FORBIDDEN' || code === 'ACCESS DENIED' || (status === 403 && code === '')) return 'forbidden';
  return 'reached';
}

test('the routes of the page are among them, and those of all files', () => {
  const files = readdirSync('src/io/web').filter((name) => name.endsWith('-routes.ts'));
  const text = readFileSync('test/every-route.ts', 'utf8') + readFileSync('src/app/access/access-routes.ts', 'utf8');
  expect(files.filter((name) => !text.includes(name.replace('.ts', '.js')))).toEqual([]);
  expect(found.filter(({ url }) => url === '/api/v1/calls')).not.toEqual([]);
});

test('without a sign-in only these can be reached', () => {
  const open = found.filter(({ needs, method }) => needs === 'nothing' && method !== 'HEAD');
  const paths = open.map(({ method, url }) => `${method} ${url}`).filter((line) => !line.endsWith('/openapi/*'));
  expect(paths.sort()).toEqual([
    'GET /*',
    'GET /api/v1/session',
    'GET /healthz',
    'POST /api/v1/session',
    'POST /api/v1/setup',
  ]);
});

describe('what is declared', () => {
  const ours = (): FoundRoute[] => found.filter(({ url }) => !url.startsWith('/api/v1/for-'));

  test('every route says what it needs', () => {
    expect(ours().filter(({ needs }) => needs === undefined)).toEqual([]);
  });

  test('every route that is described has a summary, without a full stop', () => {
    const described = ours().filter(({ schema, isWebSocket }) => schema.hide !== true || isWebSocket);
    expect(
      described.map(({ schema }) => schema.summary ?? '').filter((summary) => !/^\w.*[^.]$/s.test(summary)),
    ).toEqual([]);
    expect(described.length).toBeGreaterThan(25);
  });

  test('every route that answers in JSON has the schema of its answer', () => {
    const answering = ours().filter(({ schema, isWebSocket }) => schema.hide !== true && !isWebSocket);
    expect(
      answering.filter(({ schema }) => Object.keys(schema.response ?? {}).length === 0).map(({ url }) => url),
    ).toEqual([]);
  });
});
