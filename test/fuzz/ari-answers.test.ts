/** Whatever answers in the place of Asterisk's REST interface: what is asked for, or an error in words; never anything else. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { StreamError } from '../../src/core/errors.js';
import { AriHttp } from '../../src/io/ari/ari-http.js';
import { AriRequests } from '../../src/io/ari/ari-requests.js';
import { anyJson, spoilt, text } from './any-json.js';
import { runs } from './runs.js';

const KEYS = ['id', 'name', 'state', 'channels', 'value', 'version', 'system', 'bridge_type', 'attribute', 'message'];
const CHANNEL = {
  id: '1.1',
  name: 'PJSIP/1001-00000001',
  state: 'Up',
  caller: { number: '1001', name: 'x' },
  dialplan: { context: 'c', exten: 's', app_name: 'Dial', app_data: 'PJSIP/1002' },
  channelvars: { 'CHANNEL(linkedid)': '1.1', FROM_DID: '5550101' },
};
const GOOD = [
  { system: { version: '22.10.1' } },
  { name: 'app', channel_ids: ['__AST_CHANNEL_ALL_TOPIC'], events_allowed: [{ type: 'Dial' }], events_disallowed: [] },
  [CHANNEL, { ...CHANNEL, id: '2.2' }],
  [{ id: 'b', bridge_type: 'mixing', bridge_class: 'base', channels: ['1.1'] }],
  [{ name: 'chan_rtp.so', status: 'Running' }],
  [{ technology: 'PJSIP', resource: '1001', state: 'online' }],
  [{ attribute: 'context', value: 'from-internal' }],
  { value: '5000' },
  CHANNEL,
];
const answer = fc.oneof(anyJson(...KEYS), ...GOOD.map((good) => spoilt(good, KEYS)), fc.constant(undefined));

/** All that is asked of Asterisk, with ids that came from it. */
function askAll(ari: AriRequests, id: string): Promise<unknown>[] {
  const media = { id, application: id, host: '127.0.0.1:1', format: 'slin' };
  return [
    ari.info(),
    ari.hasApplication(id),
    ari.application(id),
    ari.modules(),
    ari.allowEvents(id, [id]),
    ari.channels(),
    ari.bridges(),
    ari.endpoints(),
    ari.pjsipContext(id),
    ari.variable(id, id),
    ari.createLocal(id, id),
    ari.snoop(id, id, id),
    ari.externalMedia(media),
    ari.rtpSource(id),
    ari.createBridge(id),
    ari.addToBridge(id, [id]),
    ari.hangUp(id),
    ari.destroyBridge(id),
  ];
}

// The transport is a fake, since the real one would take a thousand times as long; the next test has the real one.
test('JSON of every shape, for every request', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 4 }), text, async (answers, id) => {
      let next = 0;
      const ari = new AriRequests({ request: async () => answers[next++ % answers.length] });
      for (const { status, reason } of (await Promise.allSettled(askAll(ari, id))) as PromiseRejectedResult[]) {
        if (status === 'rejected') expect(reason).toBeInstanceOf(StreamError);
      }
    }),
    runs(1),
  );
});

let respond: (socket: Socket) => void = () => undefined;
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => respond(socket));
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
});

const head = fc.constantFrom(
  'HTTP/1.1 200 OK\r\nContent-Length: 20',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked',
  'HTTP/1.1 200 OK\r\nContent-Encoding: gzip',
  'HTTP/1.1 204 No Content\r\nDate: never',
  'HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/',
  'HTTP/1.1 401 No',
  'HTTP/1.1 404 No',
  'HTTP/1.1 999 Odd',
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade',
  'HTTP/1.1 100 Continue',
  'ICY 200 OK',
  '220 mail ESMTP',
);
const octets = fc.oneof(
  fc.tuple(head, answer).map(([first, body]) => Buffer.from(`${first}\r\n\r\n${JSON.stringify(body)}`)),
  fc
    .tuple(head, fc.uint8Array({ maxLength: 80 }))
    .map(([first, rest]) => Buffer.from([...Buffer.from(`${first}\r\n\r\n`), ...rest])),
  fc.uint8Array({ maxLength: 100 }).map((random) => Buffer.from(random)),
);

test('octets of every kind over a real connection', async () => {
  const { port } = server.address() as AddressInfo;
  const http = new AriHttp({ url: `http://127.0.0.1:${port}`, username: 'u', password: 'h1dd3n-w0rd', ca: undefined });
  await fc.assert(
    fc.asyncProperty(octets, async (sent) => {
      respond = (socket) => socket.end(sent);
      const outcome = await http.request({ method: 'GET', path: 'asterisk/info' }).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(StreamError);
        expect(outcome.message).not.toContain('h1dd3n-w0rd');
      }
    }),
    runs(0.2),
  );
  http.close();
});
