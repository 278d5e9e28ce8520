import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '../../../lab/until.js';
import { makeAuthority } from '../../../test/certificates.js';
import { clearStage, LABEL, listening, portOf, Receiver, Told } from '../../../test/relay-stage.js';

const SECRET = { name: 'X-Api-Key', value: 'hush-hush-0815' };

afterEach(clearStage);

describe('an orderly connection', () => {
  test('secret in the upgrade, messages, ping and pong, Close 1000', async () => {
    const receiver = await new Receiver().listen();
    const told = await new Told({ url: receiver.url, secret: SECRET }).open();
    expect(receiver.upgrades[0]).toMatchObject({ 'x-api-key': SECRET.value });
    expect(receiver.upgrades[0]).not.toHaveProperty('sec-websocket-extensions');

    told.socket.send({ label: LABEL, pcm: Int16Array.of(1, -2, 32_767, -32_768) });
    told.socket.send({ label: LABEL, pcm: undefined });
    told.socket.ping(7);
    await until('the pong has come', () => told.pongs.length > 0);
    expect(receiver.texts).toEqual([
      '{"callid":"17.1","callflow":"","audio":"AQD+//9/AIA=","number":"1001","status":"process","channelid":"PJSIP/1001-00000001"}',
      '{"callid":"17.1","callflow":"","audio":"","number":"1001","status":"end","channelid":"PJSIP/1001-00000001"}',
    ]);
    expect(told).toMatchObject({ flushed: 3, pongs: [7] });

    told.socket.close();
    expect(await told.end()).toEqual({ orderly: true, problem: undefined });
    expect(receiver.closes).toEqual([1000]);
  });

  test('what a turn of the event loop sends goes out at its end, with a single write, told as taken', async () => {
    const receiver = await new Receiver().listen();
    const told = await new Told({ url: receiver.url }).open();
    const chunks: Buffer[] = [];
    receiver.wire.on('data', (chunk: Buffer) => chunks.push(chunk));
    told.socket.send({ label: LABEL, pcm: new Int16Array(640) });
    told.socket.ping(7);
    expect(told.flushed).toBe(0);
    await until('the pong has come', () => told.pongs.length > 0);
    expect([chunks.length, receiver.texts.length, told.flushed]).toEqual([1, 1, 2]);
  });

  test('a view into a larger buffer sends its own samples only', async () => {
    const receiver = await new Receiver().listen();
    const told = await new Told({ url: receiver.url }).open();
    told.socket.send({ label: LABEL, pcm: Int16Array.of(9, 1, 9).subarray(1, 2) });
    await until('it has come', () => receiver.texts.length > 0);
    expect(receiver.texts[0]).toContain('"audio":"AQA="');
  });

  test('no header field is sent without a secret', async () => {
    const receiver = await new Receiver().listen();
    await new Told({ url: receiver.url }).open();
    expect(receiver.upgrades[0]).not.toHaveProperty('x-api-key');
  });
});

describe('what the receiver says has no meaning', () => {
  test('texts and binary messages are counted', async () => {
    const receiver = await new Receiver().listen();
    const told = await new Told({ url: receiver.url }).open();
    receiver.socket.send('stop');
    receiver.socket.send(Buffer.alloc(100_000));
    await until('both have come', () => told.texts.length === 2);
    expect(told.texts).toEqual([4, 100_000]);
  });

  test('a flood of pings is answered, if not ping by ping, and breaks nothing', async () => {
    const receiver = await new Receiver().listen();
    const told = await new Told({ url: receiver.url }).open();
    for (let n = 1; n <= 5_000; n++) receiver.socket.ping(String(n));
    await until('the last ping is answered', () => receiver.pongs.at(-1) === '5000');
    told.socket.ping(1);
    await until('the connection lives', () => told.pongs.length === 1);
    expect(told.ends).toEqual([]);
  });

  test('more than it could have to say ends the connection', async () => {
    const receiver = await new Receiver().listen();
    const told = await new Told({ url: receiver.url }).open();
    receiver.socket.send(Buffer.alloc(1024 * 1024 + 1));
    expect(await told.end()).toMatchObject({ orderly: false, problem: { code: 'RECEIVER_CONNECTION_LOST' } });
    expect(told.texts).toEqual([]);
  });
});

describe('what is wrong is said in a code and words', () => {
  test.each([
    [401, 'RECEIVER_WRONG_SECRET'],
    [403, 'RECEIVER_WRONG_SECRET'],
    [302, 'RECEIVER_REJECTED'],
    [404, 'RECEIVER_REJECTED'],
    [503, 'RECEIVER_REJECTED'],
  ])('status %d is %s', async (status, code) => {
    const server = createServer();
    server.on('upgrade', (_request, socket) => socket.end(`HTTP/1.1 ${status} No\r\nLocation: /\r\n\r\n`));
    await listening(server);
    const { problem } = await new Told({ url: `ws://127.0.0.1:${portOf(server)}/`, secret: SECRET }).end();
    expect(problem).toMatchObject({ code, message: expect.stringContaining(`HTTP status ${status}`) });
    expect(problem?.message).not.toContain(SECRET.value);
  });

  test('nothing listens', async () => {
    const server = await listening(createTcpServer());
    const url = `ws://127.0.0.1:${portOf(server)}/?key=${SECRET.value}`;
    server.close();
    const { orderly, problem } = await new Told({ url, shownAs: 'ws://127.0.0.1/?…' }).end();
    expect({ orderly, code: problem?.code }).toEqual({ orderly: false, code: 'RECEIVER_REFUSED' });
    expect(problem?.message).not.toContain(SECRET.value);
  });

  test('what listens speaks another protocol', async () => {
    const server = await listening(createTcpServer((socket) => socket.end('220 mail.example.com ESMTP\r\n')));
    const told = new Told({ url: `ws://127.0.0.1:${portOf(server)}/` });
    expect(await told.end()).toMatchObject({ problem: { code: 'RECEIVER_REJECTED' } });
  });

  test('a certificate that nobody vouches for, and one of an authority that is named', async () => {
    const authority = makeAuthority();
    const receiver = await new Receiver(authority.issue('127.0.0.1')).listen();
    const refused = await new Told({ url: receiver.url, secret: SECRET }).end();
    expect(refused).toMatchObject({ orderly: false, problem: { code: 'RECEIVER_CERTIFICATE', blame: 'receiver' } });
    expect(receiver.upgrades).toEqual([]);
    await new Told({ url: receiver.url, ca: authority.ca }).open();
  });

  test('a certificate for another name', async () => {
    const authority = makeAuthority();
    const receiver = await new Receiver(authority.issue('example.com')).listen();
    const { problem } = await new Told({ url: receiver.url, ca: authority.ca }).end();
    expect(problem?.code).toBe('RECEIVER_CERTIFICATE_NAME');
  });

  test('wss to a server without TLS', async () => {
    const receiver = await new Receiver().listen();
    const { problem } = await new Told({ url: receiver.url.replace('ws:', 'wss:') }).end();
    expect(problem?.code).toBe('RECEIVER_TLS');
  });
});
