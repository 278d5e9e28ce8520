import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '../../../lab/until.js';
import type { Log } from '../../core/log.js';
import { OtlpTraces } from './otlp-traces.js';

interface Request {
  readonly url: string | undefined;
  readonly body: string;
}

const requests: Request[] = [];
let status = 200;
let isMute = false;
const lines: string[] = [];
const log: Log = {
  error: (message) => lines.push(`error ${message}`),
  warn: (message) => lines.push(`warn ${message}`),
  info: (message) => lines.push(`info ${message}`),
  debug: () => undefined,
  isDebugEnabled: () => false,
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const collector = createServer(async (request, response) => {
  requests.push({ url: request.url, body: await bodyOf(request) });
  if (!isMute) response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
});
let address: string;
beforeEach(async () => {
  requests.length = 0;
  lines.length = 0;
  status = 200;
  isMute = false;
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  address = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});
afterEach(async () => {
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

test('a span has the service, the tap, its events, and an error only after a failure', async () => {
  const traces = await OtlpTraces.load({ url: address, version: '1.2.3', log });
  const good = traces.begin({ channel: 'PJSIP/1001-1', tap: 7 });
  good.step('live');
  good.step('streaming', '1755940023.7');
  good.over(undefined);
  good.over(undefined);
  traces.begin({ channel: 'PJSIP/1002-1', tap: 8 }).over('media: no such module');
  await traces.close();
  expect(requests.map(({ url }) => url)).toEqual(['/v1/traces']);
  const { resourceSpans } = JSON.parse(requests[0]?.body ?? '');
  const [{ resource, scopeSpans }] = resourceSpans;
  expect(resource.attributes).toEqual(
    expect.arrayContaining([
      { key: 'service.name', value: { stringValue: 'ari-audio-stream' } },
      { key: 'service.version', value: { stringValue: '1.2.3' } },
    ]),
  );
  const [first, second, ...others] = scopeSpans[0].spans;
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    name: 'tap',
    attributes: [
      { key: 'asterisk.channel.name', value: { stringValue: 'PJSIP/1001-1' } },
      { key: 'ari_audio_stream.tap', value: { intValue: 7 } },
      { key: 'ari_audio_stream.callid', value: { stringValue: '1755940023.7' } },
    ],
    events: [{ name: 'armed' }, { name: 'live' }, { name: 'streaming' }, { name: 'over' }],
    status: { code: 0 },
  });
  expect(second).toMatchObject({ status: { code: 2, message: 'media: no such module' } });
  expect(first.traceId).not.toBe(second.traceId);
});

test('a path of its own is kept', async () => {
  const traces = await OtlpTraces.load({ url: `${address}/otlp/in?key=secret`, version: '1', log });
  traces.begin({ channel: 'a', tap: 1 }).over(undefined);
  await traces.close();
  expect(requests.map(({ url }) => url)).toEqual(['/otlp/in?key=secret']);
});

test('a collector that refuses is told once, without what stands behind the question mark, and when it is well again', async () => {
  status = 400;
  const traces = await OtlpTraces.load({ url: `${address}/v1/traces?key=secret`, version: '1', log });
  for (let round = 1; round <= 3; round++) {
    if (round === 3) status = 200;
    traces.begin({ channel: 'a', tap: round }).over(undefined);
    await until('it was sent', () => requests.length >= round);
  }
  await until('it is told', () => lines.length === 2);
  await traces.close();
  expect(lines).toEqual([
    expect.stringMatching(/^warn The receiver of traces does not take them: http:\/\/127\.0\.0\.1:\d+\/v1\/traces: /),
    'info traces arrive again',
  ]);
  expect(lines.join()).not.toContain('secret');
}, 30_000);

test('the end waits for a collector that does not answer, but not for long', async () => {
  isMute = true;
  const traces = await OtlpTraces.load({ url: address, version: '1', log });
  traces.begin({ channel: 'a', tap: 1 }).over(undefined);
  const begun = performance.now();
  await traces.close();
  expect(performance.now() - begun).toBeLessThan(4000);
  expect(requests).toHaveLength(1);
}, 30_000);
