/** The check on a healthy PBX says that all is well, leaves nothing behind, and disturbs nobody. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { freeUdpPort } from '../../lab/asterisk/free-ports.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { until } from '../../lab/until.js';
import { AddOn, type SettingsPart } from './add-on.js';
import { checkArguments, faultsIn, linesOf, runCheck, runProgram } from './check-run.js';
import { nothingLeft } from './leftovers.js';
import { ListeningReceiver } from './listening-receiver.js';
import { flows, NOISY_EXTENSIONS, noiseCall } from './noise-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 60_000;

jest.setTimeout(TEST_LIMIT_MS);

let lab: Lab;
let receiver: ListeningReceiver;
/** What puts everything right again after a test. */
const undoing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
  receiver = await new ListeningReceiver({ sampleRate: 8000, secret: { name: 'x-api-key', value: 'right' } }).start();
  await mkdir(join(lab.folder, 'state'));
}, START_LIMIT_MS);
afterEach(async () => {
  for (const undo of undoing.splice(0).reverse()) await undo();
  await nothingLeft(lab);
});
afterAll(async () => {
  await receiver?.stop();
  await lab?.stop();
});

const SECRET = { secret: { name: 'X-Api-Key', value: 'right' } };

/** The check with the right secret. */
async function checked(changes: SettingsPart = {}) {
  return runCheck(lab, receiver.address, { ...changes, streaming: SECRET });
}

describe('all is well', () => {
  test('every part is found sound, and nothing stays in Asterisk', async () => {
    const outcome = await checked();
    expect(faultsIn(outcome)).toEqual([]);
    expect(outcome.exitCode).toBe(0);
    const well = outcome.findings.filter(({ level }) => level === 'ok').map(({ id }) => id);
    expect(well).toEqual(expect.arrayContaining(EVERY_PART));
    expect(receiver.closeCodes.at(-1)).toBe(1000);
    expect(outcome.findings.find(({ id }) => id === 'audio.path')?.what).toMatch(/^\d+ packets in \d+ ms came to /);
    await nothingLeft(lab, 0);
  });

  test('the text is for people: words beside the signs, no colour in a pipe', async () => {
    const args = await checkArguments(lab, receiver.address, { streaming: SECRET });
    const { exitCode, out, errors } = await runProgram(args);
    expect(exitCode).toBe(0);
    expect(errors).toBe('');
    expect(out).toContain('\nAudio from Asterisk\n  ✓ ok      ');
    expect(out).toContain('All is well: ');
    expect(out).not.toContain('\u001b');
  });

  test('with several threads for the audio the port of each is tried', async () => {
    const outcome = await checked({ media: { workers: 3 } });
    expect(faultsIn(outcome)).toEqual([]);
    const ways = outcome.findings.filter(({ id }) => id === 'audio.path').map(({ level }) => level);
    expect(ways).toEqual(['ok', 'ok', 'ok']);
    await nothingLeft(lab, 0);
  });

  test('each format that can be asked for arrives as such', async () => {
    for (const format of ['slin', 'slin16', 'slin48', 'ulaw', 'alaw']) {
      const outcome = await checked({ media: { format } });
      expect([format, faultsIn(outcome)]).toEqual([format, []]);
    }
  });
});

const EVERY_PART = [
  'settings.valid',
  'machine.files',
  'machine.descriptors',
  'machine.stateDir',
  'asterisk.reach',
  'asterisk.version',
  'asterisk.clock',
  'asterisk.modules',
  'asterisk.application',
  'asterisk.channelvars',
  'audio.path',
  'audio.source',
  'receiver.reach',
  'receiver.ping',
  'receiver.close',
];

test('beside a running add-on and its call: said, nothing disturbed', async () => {
  const settings = { media: { listen: `127.0.0.1:${await freeUdpPort()}` }, streaming: SECRET };
  const addOn = await AddOn.linked(lab, receiver, { ...settings, streaming: { ...SECRET, sampleRate: 8000 } });
  undoing.push(() => addOn.stop());
  const call = await noiseCall(lab, receiver, '1100', '1101');

  const outcome = await checked(settings);
  expect(faultsIn(outcome)).toEqual([]);
  expect(outcome.exitCode).toBe(0);
  const notes = outcome.findings.filter(({ level }) => level === 'note').map(({ id }) => id);
  expect(notes).toEqual(expect.arrayContaining(['asterisk.application', 'audio.socket']));
  expect(outcome.findings.find(({ id }) => id === 'audio.path')?.level).toBe('ok');

  await flows(receiver, ['1100', '1101']);
  expect(addOn.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  await call.caller.hangUp();
  await receiver.ended(['1100', '1101']);
});

test('an event filter of the running add-on that somebody has changed', async () => {
  const addOn = await AddOn.linked(lab, receiver, { streaming: SECRET });
  undoing.push(() => addOn.stop());
  const filter = { disallowed: [{ type: 'ChannelCreated' }] };
  await lab.pbxAri.request('PUT', 'applications/ari-audio-stream/eventFilter', {}, filter);
  const outcome = await checked();
  expect(faultsIn(outcome).map(({ id, level }) => `${id} ${level}`)).toEqual(['asterisk.application warning']);
  expect(faultsIn(outcome)[0]?.what).toContain('keeps back ChannelCreated');
  expect(linesOf(outcome, 'asterisk.application')[0]).toBe('shell: systemctl restart ari-audio-stream');
});

/** Starts a check and waits until its loop-back tap is made. */
async function midst(): Promise<{ child: ChildProcess; exited: Promise<unknown> }> {
  const args = await checkArguments(lab, receiver.address, { streaming: SECRET });
  const child = spawn(process.execPath, ['dist/src/main.js', ...args], { stdio: 'ignore' });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await until('the loop-back tap is made', async () => {
    const channels = await lab.pbxAri.request<{ name: string }[]>('GET', 'channels');
    return channels.some(({ name }) => name.startsWith('UnicastRTP/'));
  });
  return { child, exited };
}

test('Ctrl-C in the midst of it: nothing stays in Asterisk', async () => {
  const { child, exited } = await midst();
  child.kill('SIGINT');
  expect(await exited).toBe(130);
  await nothingLeft(lab, 0);
});

test('what a check leaves that was killed, the next one removes', async () => {
  const { child, exited } = await midst();
  child.kill('SIGKILL');
  await exited;
  await expect(nothingLeft(lab, 0)).rejects.toThrow('UnicastRTP/');
  expect((await checked()).exitCode).toBe(0);
  await nothingLeft(lab, 0);
});
