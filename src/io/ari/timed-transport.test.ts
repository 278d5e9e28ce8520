import { expect, test } from '@jest/globals';
import { StreamError } from '../../core/errors.js';
import { AriRefusal, type AriRequest } from './ari-http.js';
import { AriRequests } from './ari-requests.js';
import { kindOf, TimedTransport } from './timed-transport.js';

/** Answers in place of Asterisk, so that every request there is can be asked for. */
function transportOf(answer: (request: AriRequest) => unknown) {
  const failed: string[] = [];
  const seen: AriRequest[] = [];
  const inner = {
    request: async (request: AriRequest) => {
      seen.push(request);
      return answer(request);
    },
  };
  return { failed, seen, timed: new TimedTransport(inner, ({ code }) => failed.push(code)) };
}

test('every request that we make has a kind of its own, whatever the ids are', async () => {
  const { timed, seen } = transportOf(({ path }) =>
    path.startsWith('asterisk') ? { system: { version: '22' } } : { name: 'app/1', value: '5' },
  );
  const ari = new AriRequests(timed);
  await ari.info();
  await ari.hasApplication('app/1');
  await ari.allowEvents('app/1', []);
  await ari.channels();
  await ari.bridges();
  await ari.variable('c/1', 'X');
  await ari.snoop('c/1', 's/1', 'app');
  await ari.externalMedia({ id: 'm', application: 'app', host: '127.0.0.1:1', format: 'slin' });
  await ari.createBridge('b/1');
  await ari.addToBridge('b/1', ['s', 'm']);
  await ari.hangUp('c/1');
  await ari.destroyBridge('b/1');
  const kinds = seen.map(kindOf);
  expect(kinds).not.toContain('other');
  expect(new Set(kinds).size).toBe(12);
  const counted = [...timed.durations].map(([kind, { counts }]) => [kind, counts.reduce((sum, n) => sum + n)]);
  expect(counted).toEqual([...kinds.map((kind) => [kind, 1]), ['other', 0]]);
});

test('a request that nobody foresaw is another one, and makes no new kind', async () => {
  const { timed } = transportOf(() => undefined);
  const before = timed.durations.size;
  for (let index = 0; index < 100; index++) await timed.request({ method: 'GET', path: `sounds/${index}` });
  expect(timed.durations.size).toBe(before);
  expect(timed.durations.get('other')?.counts.reduce((sum, n) => sum + n)).toBe(100);
});

test('failures are told, except that something is gone already; the caller gets each as it is', async () => {
  const errors = [
    new AriRefusal(404, 'gone'),
    new AriRefusal(500, 'broken'),
    new StreamError('ARI_TIMEOUT', 'asterisk', 'slow'),
  ];
  for (const error of errors) {
    const { failed, timed } = transportOf(() => {
      throw error;
    });
    await expect(timed.request({ method: 'GET', path: 'channels' })).rejects.toBe(error);
    expect(failed).toEqual(error === errors[0] ? [] : [error.code]);
  }
});
