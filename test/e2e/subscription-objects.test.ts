/** What the page offers to subscribe: asked of a real Asterisk, and what becomes of it when that is away. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../lab/lab.js';
import { AskedObjects } from '../../src/app/subscription-objects.js';
import { AriHttp, type AriRequest } from '../../src/io/ari/ari-http.js';
import { AriRequests } from '../../src/io/ari/ari-requests.js';
import { settingsWith } from '../settings-with.js';

const START_LIMIT_MS = 300_000;

let lab: Lab;
let http: AriHttp;
let asked: string[];
beforeAll(async () => {
  lab = await startLab({
    pbxAdditions: { 'pjsip.conf': '\n[an endpoint/with 100%]\ntype=endpoint\ncontext=from-trunk-odd\n' },
  });
  http = new AriHttp({ ...lab.pbx.ari, ca: undefined });
}, START_LIMIT_MS);
afterAll(async () => {
  http?.close();
  await lab?.stop();
});

function objects(): AskedObjects {
  asked = [];
  const request = (one: AriRequest) => {
    asked.push(one.path);
    return http.request(one);
  };
  const { calls } = settingsWith({ 'calls.extensionGroups': [['sales', ['1001', '_10XX']]] });
  return new AskedObjects({ ari: new AriRequests({ request }), calls: () => calls, didsSeen: () => ['4930123'] });
}

test('extensions and trunks of this PBX, by the contexts of its endpoints; asked for once', async () => {
  const source = objects();
  const found = await source.objects();
  expect(found.extensions.map(({ name }) => name)).toEqual(
    Array.from({ length: 10 }, (_, index) => String(1001 + index)),
  );
  expect(found.extensions[0]).toEqual({ name: '1001', technology: 'PJSIP', state: 'online' });
  expect(found.trunks.map(({ name }) => name)).toEqual(['an endpoint/with 100%', 'trunk-a']);
  expect(found).toMatchObject({ extensionGroups: [{ name: 'sales', members: ['1001', '_10XX'] }], dids: ['4930123'] });
  expect(asked).toHaveLength(13);

  asked = [];
  const [one, other] = await Promise.all([source.objects(), source.objects()]);
  expect(one).toEqual(found);
  expect(other).toBe(one);
  expect(asked).toEqual(['endpoints']);
});

test('Asterisk away: a clear answer, and names can still be typed in', async () => {
  const source = objects();
  const away = new AriHttp({ url: 'http://127.0.0.1:9', username: 'x', password: 'y', ca: undefined });
  const cut = new AskedObjects({ ari: new AriRequests(away), calls: () => settingsWith().calls, didsSeen: () => [] });
  await expect(cut.objects()).rejects.toMatchObject({
    status: 503,
    code: 'ARI_REFUSED',
    message: expect.stringMatching(/^Asterisk cannot be asked .* Names can still be typed in\.$/),
  });
  away.close();
  expect((await source.objects()).trunks).toHaveLength(2);
});
