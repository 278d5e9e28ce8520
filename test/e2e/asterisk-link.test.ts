/** What is said when the link to Asterisk fails, in which way ever, and that the add-on carries on. */
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setInConf } from '../../lab/asterisk/conf-file.js';
import { FOLDERS } from '../../lab/asterisk/instance-files.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { until } from '../../lab/until.js';
import { AddOn, type SettingsPart } from './add-on.js';
import { ForeignClient } from './foreign-client.js';
import { nothingLeft } from './leftovers.js';
import { ListeningReceiver } from './listening-receiver.js';
import { flows, NOISY_EXTENSIONS, noiseCall } from './noise-call.js';
import { expectTonesApart, tonedCall } from './toned-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 60_000;
const TONES = { caller: { number: '1001', hz: 440 }, callee: { number: '1002', hz: 1_000 } };

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn;
/** All that a test has started. */
const addOns: AddOn[] = [];

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
}, START_LIMIT_MS);
beforeEach(async () => {
  receiver = await new ListeningReceiver({ sampleRate: 8_000 }).start();
});
afterEach(async () => {
  for (const started of addOns.splice(0)) await started.stop();
  await receiver.stop();
  expect(addOn.output).not.toContain(lab.pbx.ari.password);
  expect(addOn.output).not.toContain('"code":"UNEXPECTED"');
}, TEST_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

async function start(asterisk: SettingsPart = {}): Promise<AddOn> {
  const started = await AddOn.start(lab, receiver, { asterisk, streaming: { sampleRate: 8_000 } });
  addOns.push(started);
  return started;
}

/** A whole call, each voice in its own stream. */
async function aCallIsStreamed(): Promise<void> {
  expectTonesApart(await tonedCall(lab, receiver, TONES), TONES, 8_000);
  receiver.heard.clear();
}

async function changeAriConf(section: string, key: string, value: string): Promise<void> {
  const file = join(lab.pbx.runDir, FOLDERS.etc, 'ari.conf');
  await writeFile(file, setInConf(await readFile(file, 'utf8'), section, key, value));
  await lab.pbx.cli('module reload res_ari.so');
}

test(
  'Asterisk comes up later than the add-on',
  async () => {
    await lab.pbx.kill();
    addOn = await start();
    const { level, message } = await addOn.reports('ARI_REFUSED');
    expect(level).toBe('warn');
    expect(message).toContain('Is Asterisk running');

    await lab.restartPbx();
    await addOn.says('connected to Asterisk');
    await aCallIsStreamed();
  },
  TEST_LIMIT_MS,
);

test(
  'Asterisk is killed in mid-call and comes back',
  async () => {
    addOn = await start();
    await addOn.says('connected to Asterisk');
    const call = await noiseCall(lab, receiver, '1100', '1101');

    await lab.pbx.kill();
    expect((await addOn.reports('ARI_CONNECTION_LOST')).level).toBe('warn');
    const seen = addOn.lines.length;
    await lab.restartPbx();
    await until('it is connected again', () =>
      addOn.lines.slice(seen).some(({ message }) => message === 'connected to Asterisk'),
    );
    await receiver.ended(['1100', '1101']);
    await until('the connection is closed', () => receiver.closeCodes.includes(1000));
    await Promise.all([call.caller.hangUp(), call.callee.hangUp()]);
    await aCallIsStreamed();
    expect(receiver.faults).toEqual([]);
  },
  TEST_LIMIT_MS,
);

test(
  'a wrong password, which becomes the right one',
  async () => {
    const password = 'not-the-password-4711';
    addOn = await start({ password });
    const { message } = await addOn.reports('ARI_WRONG_PASSWORD');
    expect(message).toContain('Compare asterisk.username and asterisk.password');
    expect(message).toContain(lab.pbx.ari.username);

    const { ari } = lab.pbx;
    await changeAriConf(ari.username, 'password', password);
    await addOn.says('connected to Asterisk');
    await changeAriConf(ari.username, 'password', ari.password);
    expect(addOn.output).not.toContain(password);
    expect(addOn.output).not.toContain(Buffer.from(`${ari.username}:${password}`).toString('base64'));
  },
  TEST_LIMIT_MS,
);

test(
  'ARI is switched off, while the HTTP server of Asterisk answers',
  async () => {
    await changeAriConf('general', 'enabled', 'no');
    addOn = await start();
    expect((await addOn.reports('ARI_NOT_THERE')).message).toContain('Does ari.conf say enabled=yes');
    await changeAriConf('general', 'enabled', 'yes');
    await addOn.says('connected to Asterisk');
    await aCallIsStreamed();
  },
  TEST_LIMIT_MS,
);

describe('another server answers at the address of Asterisk', () => {
  const page: RequestListener = (_request, response) => void response.end('<html>It works!</html>');
  const json: RequestListener = (_request, response) => void response.end('{"status":"ok"}');
  const missing: RequestListener = (_request, response) => void response.writeHead(404).end('no such page');
  const mail = createServer((socket) => {
    socket.on('error', () => {});
    socket.end('220 mail.example.com ESMTP\r\n');
  });
  test.each([
    ['pages', createHttpServer(page), 'ARI_NOT_ARI'],
    ['JSON', createHttpServer(json), 'ARI_NOT_ARI'],
    ['404', createHttpServer(missing), 'ARI_NOT_THERE'],
    ['another protocol', mail, 'ARI_NOT_ARI'],
  ])('with %s', async (_what, server, code) => {
    addOn = await start({ url: await addressOf(server) });
    const { level } = await addOn.reports(code);
    expect(level).toBe('warn');
    await addOn.stop();
    server.close();
  });
});

test(
  'what answers accepts the connection and then says nothing',
  async () => {
    const held: Socket[] = [];
    const server = createServer((socket) => void held.push(socket));
    addOn = await start({ url: await addressOf(server) });
    const { message } = await addOn.reports('ARI_TIMEOUT');
    expect(message).toContain('gave no answer within 5 s');
    expect(await addOn.stop()).toBe(0);
    for (const socket of held) socket.destroy();
    server.close();
  },
  TEST_LIMIT_MS,
);

test(
  'a second add-on of the same name refuses to start, and the first goes on unharmed',
  async () => {
    addOn = await start();
    await addOn.says('connected to Asterisk');
    const call = await noiseCall(lab, receiver, '1100', '1101');

    const second = await start();
    expect(await second.exited).toBe(1);
    expect(second.text).toContain('ARI_APP_TAKEN: ');
    expect(second.text).toContain('"ari-audio-stream"');
    expect(second.lines.map(({ message }) => message)).not.toContain('connected to Asterisk');

    await flows(receiver, ['1100', '1101']);
    await call.caller.hangUp();
    await receiver.ended(['1100', '1101']);
    await nothingLeft(lab);
    expect(addOn.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  },
  TEST_LIMIT_MS,
);

test(
  'a foreign client takes the name in mid-call: the add-on ends its streams, leaves nothing, and does not fight',
  async () => {
    addOn = await start();
    await addOn.says('connected to Asterisk');
    const call = await noiseCall(lab, receiver, '1100', '1101');

    const foreign = await ForeignClient.connect(lab, 'ari-audio-stream');
    expect(await addOn.exited).toBe(1);
    expect(addOn.text).toContain('ARI_APP_TAKEN: ');
    await receiver.ended(['1100', '1101']);
    expect(receiver.closeCodes).toEqual([1000]);
    expect(call.caller.isUp && call.callee.isUp).toBe(true);
    expect(foreign.isConnected).toBe(true);
    expect(foreign.events).not.toContain('ApplicationReplaced');
    await foreign.close();
    await call.caller.hangUp();
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);

async function addressOf(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
