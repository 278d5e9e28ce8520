/** What the reference receiver keeps: samples, figures and problems, whatever a sender does. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { until } from '../lab/until.js';
import { parseWav } from '../src/core/audio/wav.js';
import type { Label } from '../src/core/relay/protocol.js';
import { base64Of, connect, type RunningReceiver, runReceiver } from './running-receiver.js';

const FRAGMENT = 640;
const ANNA: Label = { callid: '17.1', callflow: 'queue', number: '1009', channelid: 'PJSIP/1009-00000007' };
const BEN: Label = { callid: '17.1', callflow: '', number: '+4930123', channelid: 'PJSIP/trunk-00000008' };

let receiver: RunningReceiver | undefined;
afterEach(() => receiver?.remove());

function tone(hz: number, amplitude: number, samples: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, n) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * n) / 8000)),
  );
}

const part = (samples: Int16Array, index: number): Int16Array =>
  samples.subarray(index * FRAGMENT, (index + 1) * FRAGMENT);

test('two participants, interleaved: each WAV equals what was sent, and the figures are right', async () => {
  receiver = await runReceiver();
  const anna = tone(440, 32767, 25 * FRAGMENT);
  const ben = tone(1000, 3276.7, 10 * FRAGMENT);
  const sender = await connect(receiver.port);
  for (let index = 0; index < 25; index++) {
    sender.fragment(ANNA, part(anna, index));
    if (index < 10) sender.fragment(BEN, part(ben, index));
    if (index === 10) sender.end(BEN);
  }
  sender.end(ANNA);
  expect(await sender.close()).toBe(1000);
  await receiver.stop();

  expect(await receiver.samples('17.1/PJSIP_1009-00000007.wav')).toEqual(anna);
  expect(await receiver.samples('17.1/PJSIP_trunk-00000008.wav')).toEqual(ben);
  const [call] = await receiver.calls();
  expect(call).toMatchObject({ callid: '17.1', problems: {} });
  expect(call?.participants).toMatchObject([
    {
      channelid: 'PJSIP/1009-00000007',
      number: '1009',
      callflow: ['queue'],
      fragments: 25,
      seconds: 2,
      level: { rmsDbfs: -3, peakDbfs: 0 },
      complete: true,
    },
    {
      number: '+4930123',
      callflow: [''],
      fragments: 10,
      seconds: 0.8,
      level: { rmsDbfs: -23, peakDbfs: -20 },
      complete: true,
    },
  ]);
  expect(Date.parse(call?.ended ?? '')).toBeGreaterThanOrEqual(Date.parse(call?.begun ?? ''));
  expect(receiver.printed()).toMatch(/^listening on ws:\/\/127\.0\.0\.1:\d+, writing to .*received, expects 8000 Hz\n/);
  expect(receiver.printed()).toContain('begin  1009  PJSIP/1009-00000007  call 17.1  queue\n');
  expect(receiver.printed()).toMatch(/end {4}1009 .* 2\.0 s {2}25 fragments {2}rms {2}-3\.0 dBFS .* complete/);
  expect(receiver.printed()).toMatch(/received: 1 call, 2 participants, 2 complete; problems: none\n$/);
});

test('a call that comes back after an outage goes on in the same WAV', async () => {
  receiver = await runReceiver();
  const voice = tone(300, 10_000, 6 * FRAGMENT);
  const first = await connect(receiver.port);
  for (const index of [0, 1, 2]) first.fragment(ANNA, part(voice, index));
  first.socket.terminate();
  const { printed } = receiver;
  await until('the outage is noticed', () => printed().includes('cut off'));

  const second = await connect(receiver.port);
  for (const index of [3, 4, 5]) second.fragment(ANNA, part(voice, index));
  second.end(ANNA);
  await second.close();
  await receiver.stop();

  expect(await receiver.samples('17.1/PJSIP_1009-00000007.wav')).toEqual(voice);
  const calls = await receiver.calls();
  expect(calls).toMatchObject([{ problems: {}, participants: [{ fragments: 6, complete: true }] }]);
  expect(calls[0]?.participants).toHaveLength(1);
});

test('what is not of the protocol is counted by word, warned of once, and harms nothing', async () => {
  receiver = await runReceiver();
  const sender = await connect(receiver.port);
  const voice = tone(440, 1000, FRAGMENT);
  sender.socket.send('junk');
  sender.socket.send('more junk');
  sender.socket.send('[]');
  sender.socket.send('{"callid":"17.1"}');
  sender.socket.send(JSON.stringify({ ...ANNA, audio: 'not base64!', status: 'process' }));
  sender.socket.send(JSON.stringify({ ...ANNA, audio: base64Of(tone(440, 1000, 960)), status: 'process' }));
  sender.socket.send(JSON.stringify({ ...ANNA, audio: '', status: 'process' }));
  sender.socket.send(Buffer.alloc(1280));
  sender.fragment(ANNA, voice);
  sender.end(ANNA);
  sender.end(ANNA);
  await sender.close();
  await receiver.stop();

  expect(await receiver.calls()).toMatchObject([{ participants: [{ fragments: 1, complete: true }] }]);
  expect((await receiver.calls())[0]?.problems).toEqual({
    'not-json': 2,
    'not-an-object': 1,
    'wrong-keys': 1,
    'not-base64': 1,
    'wrong-length': 2,
    'binary-frame': 1,
    'second-end': 1,
  });
  expect(receiver.logged.filter((line) => line.includes('(not-json)'))).toHaveLength(1);
  expect(receiver.logged.find((line) => line.includes('(wrong-length)'))).toContain('at 24000 Hz');
});

test('a frame too big ends its connection, not the receiver', async () => {
  receiver = await runReceiver();
  const sender = await connect(receiver.port);
  sender.fragment(ANNA, tone(440, 1000, FRAGMENT));
  sender.socket.send('x'.repeat(20_000));
  expect(await sender.closed).toBe(1009);
  await receiver.stop();
  expect(await receiver.calls()).toMatchObject([
    { problems: { 'frame-too-big': 1 }, participants: [{ fragments: 1, complete: false }] },
  ]);
});

test('hostile ids stay in the folder, share no file, and do not reach the terminal', async () => {
  receiver = await runReceiver({}, { isTerminal: true });
  const sender = await connect(receiver.port);
  const ids = ['../../x', '\x1b[2J\x07', 'x'.repeat(5000), `${'x'.repeat(5000)}y`, 'PJSIP/a', 'PJSIP_a', 'pjsip/A', ''];
  for (const [index, channelid] of ids.entries()) {
    const label: Label = { callid: '../../../etc', callflow: '', number: '\x1b]0;owned\x07', channelid };
    sender.fragment(label, new Int16Array(FRAGMENT).fill(index));
    sender.end(label);
  }
  await sender.close();
  await receiver.stop();

  const [call] = await receiver.calls();
  expect(call?.participants.map(({ channelid }) => channelid)).toEqual(ids);
  const wavs = call?.participants.map(({ wav }) => wav) ?? [];
  expect(new Set(wavs.map((wav) => wav.toLowerCase())).size).toBe(ids.length);
  for (const [index, wav] of wavs.entries()) {
    expect(wav).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*\/[A-Za-z0-9_][A-Za-z0-9._-]*\.wav$/);
    expect((await receiver.samples(wav))[0]).toBe(index);
  }
  expect((await readdir(receiver.out)).sort()).toEqual(['__.._.._etc', 'calls.json']);
  expect(receiver.printed()).toContain('·]0;owned·');
  expect(receiver.printed()).not.toContain('\x07');
  expect(receiver.printed()).not.toContain('\x1b]');
  expect(receiver.printed()).not.toContain('\x1b[2J');
});

test('ended in mid-call: clients hear 1001, and all that came is in a valid WAV', async () => {
  receiver = await runReceiver();
  const voice = tone(440, 20_000, 3 * FRAGMENT);
  const sender = await connect(receiver.port);
  for (const index of [0, 1, 2]) sender.fragment(ANNA, part(voice, index));
  const { printed } = receiver;
  await until('the stream is seen', () => printed().includes('begin'));
  // Frames are read in order: once the pong is here, so are the fragments.
  await new Promise((resolve) => sender.socket.once('pong', resolve).ping());
  await receiver.stop();

  expect(await sender.closed).toBe(1001);
  expect(await receiver.samples('17.1/PJSIP_1009-00000007.wav')).toEqual(voice);
  const [call] = await receiver.calls();
  expect(call?.participants).toMatchObject([{ fragments: 3, complete: false }]);
  expect(call?.ended).not.toBeNull();
});

test('while a call goes on, its WAV and calls.json are there to be read', async () => {
  receiver = await runReceiver();
  const { calls, out } = receiver;
  const sender = await connect(receiver.port);
  sender.fragment(ANNA, tone(440, 20_000, FRAGMENT));
  await until('calls.json tells of the call', async () => (await calls()).length === 1);
  expect((await calls())[0]?.ended).toBeNull();
  const path = join(out, '17.1/PJSIP_1009-00000007.wav');
  await until('the WAV has its samples', async () => {
    const wav = parseWav(await readFile(path).catch(() => new Uint8Array()));
    return typeof wav !== 'string' && wav.samples.length === FRAGMENT;
  });
  await sender.close();
});

test('nothing of an earlier run is overwritten', async () => {
  receiver = await runReceiver();
  const { out } = receiver;
  const send = async (port: number, value: number): Promise<void> => {
    const sender = await connect(port);
    sender.fragment(ANNA, new Int16Array(FRAGMENT).fill(value));
    sender.end(ANNA);
    await sender.close();
  };
  await send(receiver.port, 1);
  await receiver.stop();
  const again = await runReceiver({ out });
  await send(again.port, 2);
  await again.remove();

  expect((await receiver.samples('17.1/PJSIP_1009-00000007.wav'))[0]).toBe(1);
  expect((await receiver.samples('17.1-2/PJSIP_1009-00000007.wav'))[0]).toBe(2);
  expect((await readdir(out)).filter((name) => name.startsWith('calls-until-'))).toHaveLength(1);
});

test('a WAV that can not be written is told once, counted, and no end of the receiver', async () => {
  receiver = await runReceiver();
  const { logged, out } = receiver;
  await writeFile(join(out, '17.1'), 'a file where the folder of the call should be');
  const sender = await connect(receiver.port);
  for (const label of [ANNA, BEN]) {
    sender.fragment(label, new Int16Array(FRAGMENT));
    sender.end(label);
  }
  await sender.close();
  await until('it is told', () => logged.some((line) => line.startsWith('error')));
  await receiver.stop();
  expect(logged.filter((line) => line.startsWith('error'))).toHaveLength(1);
  expect(await receiver.calls()).toMatchObject([
    { problems: { 'write-failed': expect.any(Number), 'not-written': 2 } },
  ]);
});
