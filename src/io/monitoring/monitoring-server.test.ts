import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { type MonitoringAnswers, MonitoringServer } from './monitoring-server.js';

let server: MonitoringServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const answers = (changes: Partial<MonitoringAnswers> = {}): MonitoringAnswers => ({
  metrics: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: 'a 1\n' }),
  health: () => ({ isGood: true, report: { status: 'ok' } }),
  readiness: () => ({ isGood: false, report: { status: 'not ready' } }),
  ...changes,
});

async function open(changes: Partial<MonitoringAnswers> = {}): Promise<string> {
  server = await MonitoringServer.open({ host: '127.0.0.1', port: 0 }, answers(changes));
  return `http://${server.address}`;
}

test('serves metrics as Prometheus wants them, and health as status and JSON', async () => {
  const base = await open();
  const metrics = await fetch(`${base}/metrics`);
  expect([metrics.status, metrics.headers.get('content-type'), await metrics.text()]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
    'a 1\n',
  ]);
  expect(metrics.headers.get('cache-control')).toBe('no-store');
  const health = await fetch(`${base}/healthz`);
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
  const ready = await fetch(`${base}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'not ready' }]);
  expect((await fetch(`${base}/healthz`, { method: 'HEAD' })).status).toBe(200);
});

test('says no to all else, and tells nothing of its inside', async () => {
  const base = await open({
    metrics: async () => {
      throw new Error('the inside');
    },
  });
  expect((await fetch(`${base}/settings`)).status).toBe(404);
  expect((await fetch(`${base}/metrics`, { method: 'POST', body: '{}' })).status).toBe(404);
  expect((await fetch(`${base}/metrics`, { method: 'POST', body: 'x'.repeat(100_000) })).status).toBeGreaterThanOrEqual(
    400,
  );
  const failed = await fetch(`${base}/metrics`);
  expect(failed.status).toBe(500);
});

test('a port that is taken is an error with a code, the setting and the reason', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    await expect(MonitoringServer.open({ host: '127.0.0.1', port }, answers())).rejects.toMatchObject({
      code: 'MONITORING_LISTEN_FAILED',
      blame: 'machine',
      message: expect.stringMatching(/monitoring\.listen 127\.0\.0\.1:\d+: .*EADDRINUSE/),
    });
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
});

test('listens on IPv6, and tells that address in brackets', async () => {
  server = await MonitoringServer.open({ host: '::1', port: 0 }, answers());
  expect(server.address).toMatch(/^\[::1\]:\d+$/);
  expect((await fetch(`http://${server.address}/healthz`)).status).toBe(200);
});

test('closes while a client keeps its connection, and one that never says anything', async () => {
  const base = await open();
  const { hostname, port } = new URL(base);
  const mute = connect(Number(port), hostname);
  await new Promise((resolve) => mute.once('connect', resolve));
  const ended = new Promise((resolve) => mute.once('close', resolve));
  mute.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    const asking = request(`${base}/healthz`, { headers: { connection: 'keep-alive' } }, (answer) => {
      answer.resume().on('end', resolve);
    });
    asking.on('error', reject).end();
  });
  await server?.close();
  server = undefined;
  await ended;
});
