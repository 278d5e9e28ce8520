/** Who gets into the reference receiver, and why it may not open at all. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { until } from '../lab/until.js';
import { connect, type RunningReceiver, runReceiver } from './running-receiver.js';

const SECRET = { name: 'X-Stream-Secret', value: 'open sesame' };

let folder: string;
let receiver: RunningReceiver | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'receiver-door-'));
  receiver = undefined;
});
afterEach(async () => {
  await receiver?.remove();
  await rm(folder, { recursive: true, force: true });
});

/** The status and body of a refused upgrade. */
function refusal(port: number, headers: Record<string, string>): Promise<{ status?: number; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers });
    socket.once('open', () => reject(new Error('the upgrade was accepted')));
    socket.once('error', reject);
    socket.once('unexpected-response', async (_request, response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ ...(response.statusCode && { status: response.statusCode }), body });
    });
  });
}

test('the right secret opens, whatever the case of the header name', async () => {
  receiver = await runReceiver({ secret: SECRET });
  const sender = await connect(receiver.port, { headers: { 'x-stream-SECRET': 'open sesame' } });
  expect(await sender.close()).toBe(1000);
});

test.each([
  ['no secret', {}, 'The header X-Stream-Secret is missing.\n'],
  [
    'a wrong one',
    { 'X-Stream-Secret': 'open sesam' },
    'The header X-Stream-Secret does not carry the expected secret.\n',
  ],
  ['an empty one', { 'X-Stream-Secret': '' }, 'The header X-Stream-Secret does not carry the expected secret.\n'],
])('%s is refused with 401 in plain words', async (_name, headers, body) => {
  receiver = await runReceiver({ secret: SECRET });
  expect(await refusal(receiver.port, headers)).toEqual({ status: 401, body });
  expect(receiver.logged.filter((line) => line.includes('401'))).toHaveLength(1);
  expect(receiver.logged.join()).not.toContain('sesam');
});

test('without a secret anyone may come in, and a receiver open to the network says so', async () => {
  receiver = await runReceiver({ listen: { host: '0.0.0.0', port: 0 } });
  expect(receiver.logged.join()).toContain('no secret is asked for');
  await (await connect(receiver.port)).close();
});

test('on loopback it does not', async () => {
  receiver = await runReceiver();
  expect(receiver.logged).toEqual([]);
});

test('a browser is told what this is', async () => {
  receiver = await runReceiver();
  const response = await fetch(`http://127.0.0.1:${receiver.port}/`);
  expect(response.status).toBe(426);
  expect(await response.text()).toContain('WebSocket');
});

test('an upgrade that is no WebSocket, and bytes that are no HTTP, harm nothing', async () => {
  receiver = await runReceiver();
  const { port } = receiver;
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x' });
  expect(response.status).toBe(426);
  const { connect: connectTcp } = await import('node:net');
  await new Promise((resolve) =>
    connectTcp(port, '127.0.0.1').once('close', resolve).resume().end('\x16\x03\x01junk\r\n\r\n'),
  );
  await (await connect(port)).close();
});

test('one who neither greets nor answers does not hold up the end', async () => {
  receiver = await runReceiver();
  const { connect: connectTcp } = await import('node:net');
  const silent = connectTcp(receiver.port, '127.0.0.1');
  const gone = new Promise((resolve) => silent.once('close', resolve));
  await new Promise((resolve) => silent.once('connect', resolve));
  const sender = await connect(receiver.port);
  sender.socket.pause();
  await receiver.stop();
  await gone;
  sender.socket.terminate();
});

test('a port in use is said in plain words', async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
  });
  const failing = runReceiver({ listen: { host: '127.0.0.1', port } });
  await expect(failing).rejects.toMatchObject({
    code: 'RECEIVER_LISTEN_FAILED',
    message: `The receiver cannot listen there: 127.0.0.1:${port}: another program uses this port (EADDRINUSE)`,
  });
  other.close();
});

test('a second receiver on the same port and folder leaves the first one its files', async () => {
  receiver = await runReceiver();
  const { port, out } = receiver;
  await expect(runReceiver({ listen: { host: '127.0.0.1', port }, out })).rejects.toMatchObject({
    code: 'RECEIVER_LISTEN_FAILED',
  });
  expect(JSON.parse(await readFile(join(out, 'calls.json'), 'utf8'))).toEqual([]);
});

test('a folder that can not be is said in plain words', async () => {
  const out = join(folder, 'taken');
  await writeFile(out, '');
  await expect(runReceiver({ out })).rejects.toMatchObject({
    code: 'RECEIVER_OUT_FAILED',
    message: `The receiver cannot write to its output folder: ${out}: it is a file, not a folder (EEXIST)`,
  });
});

test('with certificate and key it speaks wss', async () => {
  const cert = join(folder, 'cert.pem');
  const key = join(folder, 'key.pem');
  const subject = ['-subj', '/CN=receiver', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-days', '2', '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  receiver = await runReceiver({ tls: { cert, key } });
  expect(receiver.printed()).toContain(`wss://127.0.0.1:${receiver.port}`);
  const sender = await connect(receiver.port, { ca: await readFile(cert) }, 'wss');
  const { printed } = receiver;
  sender.end({ callid: '1', callflow: '', number: '1', channelid: 'PJSIP/1' });
  await until('the message came through', () => printed().includes('PJSIP/1'));
  await sender.close();

  await writeFile(key, 'no key');
  await expect(runReceiver({ tls: { cert, key } })).rejects.toMatchObject({ code: 'RECEIVER_CERTIFICATE_UNUSABLE' });
});

test('a certificate that is missing is said in plain words', async () => {
  await expect(runReceiver({ tls: { cert: join(folder, 'none'), key: join(folder, 'none') } })).rejects.toMatchObject({
    code: 'RECEIVER_CERTIFICATE_UNUSABLE',
    message: expect.stringContaining('there is no such file (ENOENT)'),
  });
});
