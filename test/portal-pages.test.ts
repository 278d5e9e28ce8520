/** What the portal serves to be looked at, over the real portal: the page's files, its headers, and the API's description. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { programRoutes } from './every-route.js';
import { RunningPortal } from './running-portal.js';

const HTML = `<!doctype html>
<html lang="en">
  <head>
    <link rel="stylesheet" href="assets/main-QWER5678.css">
    <script type="module" src="assets/main-ABCD1234.js"></script>
  </head>
</html>
`;
const SCRIPT = `export const words = ${JSON.stringify('word '.repeat(2_000))};\n`;

let folder: string;
let running: RunningPortal;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portal-pages-'));
  await mkdir(join(folder, 'web', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'hunter2');
  await writeFile(join(folder, 'web', 'index.html'), HTML);
  await writeFile(join(folder, 'web', 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(folder, 'web', 'assets', 'main-ABCD1234.js'), SCRIPT);
  await writeFile(join(folder, 'web', 'assets', 'main-QWER5678.css'), 'body { margin: 0 }\n');
  await symlink(join(folder, 'secret.txt'), join(folder, 'web', 'assets', 'link.txt'));
  running = await RunningPortal.open({ pages: join(folder, 'web'), basePath: '/audio', routes: programRoutes() });
});
afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the page', () => {
  test.each(['/', '/live', '/calls/recent', '/index.html', '/settings/'])(
    '%s is its index, which is asked for anew each time',
    async (path) => {
      const { status, headers, text } = await running.client().ask('GET', path);
      expect(status).toBe(200);
      expect(text).toBe(HTML.replace('<head>', '<head>\n    <base href="/audio/">'));
      expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
      const again = await running.client().ask('GET', path, { headers: { 'if-none-match': headers.etag ?? '' } });
      expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: '' });
    },
  );

  test('a file with a hash in its name is kept by the browser', async () => {
    const { status, headers, text } = await running.client().ask('GET', '/assets/main-ABCD1234.js?x=1');
    expect({ status, text }).toEqual({ status: 200, text: SCRIPT });
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-length': String(SCRIPT.length),
    });
    const plain = await running.client().ask('GET', '/favicon.svg');
    expect(plain.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' });
  });

  test('what shrinks is sent small to who can read that', async () => {
    const response = await fetch(`${running.portal.address}assets/main-ABCD1234.js`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(Number(response.headers.get('content-length'))).toBeLessThan(500);
    expect(await response.text()).toBe(SCRIPT);
  });

  test('HEAD says what GET would', async () => {
    const { status, headers, text } = await running.client().ask('HEAD', '/assets/main-ABCD1234.js');
    expect({ status, text, length: headers['content-length'] }).toEqual({
      status: 200,
      text: '',
      length: String(SCRIPT.length),
    });
  });

  test.each([
    '/assets/main-ABCD1235.js',
    '/assets/link.txt',
    '/nothing.js',
    '/api/v2/x',
    '/api',
    '/a b',
    '/x%2e',
    '/<b>',
  ])('%s is not there', async (path) => {
    const { status, json, headers } = await running.client().ask('GET', path.replace(/[ <>]/g, encodeURIComponent));
    expect({ status, json }).toMatchObject({ status: 404, json: { error: { code: 'NOT_FOUND' } } });
    expect(headers['cache-control']).toBe('no-store');
  });
});

test('every answer tells the browser to run and load nothing that is not ours', async () => {
  for (const path of ['/', '/assets/main-ABCD1234.js', '/api/v1/session', '/api/v1/users', '/nothing.js', '/healthz']) {
    const { headers } = await running.client().ask('GET', path);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|http|upgrade-insecure-requests/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    // Without TLS it would only break the page.
    expect(headers['strict-transport-security']).toBeUndefined();
  }
});

interface Operation {
  readonly summary?: string;
  readonly responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

describe('the description of the API', () => {
  test('has every route under its address, with the schemas of questions and answers', async () => {
    const admin = await running.adminClient();
    const { status, json } = await admin.ask('GET', '/api/v1/openapi.json');
    expect(status).toBe(200);
    const { openapi, paths } = json as { openapi: string; paths: Record<string, Record<string, Operation>> };
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/audio/api/v1/settings', '/audio/api/v1/calls/{callid}', '/audio/api/v1/users/{name}']),
    );
    const operations = Object.values(paths).flatMap((path) => Object.values(path));
    expect(operations.filter(({ summary }) => !summary)).toEqual([]);
    const users = paths['/audio/api/v1/users']?.get?.responses['200']?.content?.['application/json']?.schema;
    expect(users).toMatchObject({ type: 'array', items: { properties: { role: { enum: ['admin', 'reader'] } } } });
    expect(JSON.stringify(json).match(/Default Response|9007199254740991/g)).toBeNull();
  });

  test("can be read, in the page's own style, without a script", async () => {
    const admin = await running.adminClient();
    const { status, headers, text } = await admin.ask('GET', '/api/v1');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(text).toContain('<base href="/audio/">');
    expect(text).toContain('href="assets/main-QWER5678.css"');
    expect(text).not.toMatch(/<script|<style| style=| on\w+=/);
    const words = ['/audio/api/v1/users/{name}', 'Send silence', 'mayListen', 'X-CSRF-Token', '/audio/api/v1/live'];
    for (const word of words) expect({ word, isThere: text.includes(word) }).toEqual({ word, isThere: true });
    const style = await admin.ask('GET', '/api/v1/reference.css');
    expect(style.headers['content-type']).toBe('text/css; charset=utf-8');
  });

  test('is for those who are signed in', async () => {
    expect((await running.client().ask('GET', '/api/v1/openapi.json')).status).toBe(401);
    expect((await running.client().ask('GET', '/api/v1')).status).toBe(401);
  });
});
