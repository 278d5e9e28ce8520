/** ARI's answers are played by a plain HTTP server here, a fake: what a real Asterisk says is in the end-to-end tests. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { AriHttp, type AriServer } from './ari-http.js';
import { AriRequests } from './ari-requests.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function answering(listener: RequestListener, prefix = ''): Promise<AriServer> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${prefix}`, username: 'us', password: 'p:ä', ca: undefined };
}

function httpTo(server: AriServer): AriHttp {
  const http = new AriHttp(server);
  closers.push(() => http.close());
  return http;
}

const status = (code: number, body = '') => answering((_request, response) => response.writeHead(code).end(body));
/** Why a request failed; the test fails when it does not. */
async function failure(server: AriServer): Promise<Error> {
  try {
    await httpTo(server).request({ method: 'GET', path: 'channels' });
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('the request did not fail');
}

test('logs in, escapes, and keeps the prefix of http.conf', async () => {
  const heard: string[] = [];
  const server = await answering((request, response) => {
    heard.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.end('{"value":"1.1"}');
  }, '/pbx');
  const ari = new AriRequests(httpTo(server));
  expect(await ari.variable('a/b', 'CHANNEL(linkedid)')).toBe('1.1');
  const login = Buffer.from('us:p:ä').toString('base64');
  expect(heard).toEqual([`GET /pbx/ari/channels/a%2Fb/variable?variable=CHANNEL%28linkedid%29 Basic ${login}`]);
});

describe('what is wrong is said in a code and words', () => {
  test('nothing listens', async () => {
    const server = await status(200);
    for (const close of closers.splice(0)) close();
    expect(await failure(server)).toMatchObject({ code: 'ARI_REFUSED', blame: 'asterisk' });
  });

  test.each([
    [401, 'ARI_WRONG_PASSWORD'],
    [403, 'ARI_FORBIDDEN'],
    [404, 'ARI_REQUEST_FAILED'],
    [500, 'ARI_REQUEST_FAILED'],
  ])('status %d is %s', async (code, expected) => {
    const error = await failure(await status(code, '{"message":"Channel not found"}'));
    expect(error).toMatchObject({ code: expected });
    expect(error.message).not.toContain('p:ä');
  });

  test("Asterisk's own words are in the message", async () => {
    const error = await failure(await status(422, '{"message":"Channel not in Stasis application"}'));
    expect(error).toMatchObject({ status: 422, message: expect.stringContaining('Channel not in Stasis application') });
  });

  test('a page where JSON should be', async () => {
    expect(await failure(await status(200, '<html>'))).toMatchObject({ code: 'ARI_NOT_ARI' });
  });

  test('a connection that breaks in the middle of the answer', async () => {
    const server = await answering((_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{', () => response.destroy());
    });
    expect(await failure(server)).toMatchObject({ code: 'ARI_CONNECTION_LOST' });
  });

  test('an answer that takes too long as a whole, though a little of it comes again and again', async () => {
    const server = await answering((_request, response) => {
      const trickle = setInterval(() => response.write(' '), 100);
      response.on('close', () => clearInterval(trickle));
    });
    expect(await failure(server)).toMatchObject({ code: 'ARI_TIMEOUT', blame: 'asterisk' });
  }, 10_000);

  test('an upgrade that nobody asked for', async () => {
    const server = await answering((request) =>
      request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    );
    expect(await failure(server)).toMatchObject({ code: 'ARI_CONNECTION_LOST' });
  });

  test('a host name that does not exist', async () => {
    expect(
      await failure({ url: 'http://no-such-host.invalid', username: '', password: '', ca: undefined }),
    ).toMatchObject({
      code: 'ARI_UNREACHABLE',
    });
  });
});

test('removing what is gone already is no error', async () => {
  const ari = new AriRequests(httpTo(await status(404, '{"message":"Channel not found"}')));
  expect(await ari.hangUp('x')).toBe('missing');
  await ari.destroyBridge('x');
  expect(await ari.variable('x', 'y')).toBeUndefined();
});
