/**
 * The folder for state full, on a file system that can only be read, or without the right to write: calls stream, nothing is
 * half saved, and the page and the log say why. One call is streamed by three programs, each with a folder of its own.
 */
import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { AddOn } from '../add-on.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { ListeningReceiver } from '../listening-receiver.js';
import { expectExactPiece, flows, NOISY_EXTENSIONS, type NoiseCall, noiseCall, RATE } from '../noise-call.js';
import { PageAdmin } from './page-admin.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 90_000;
const PARTIES = ['1100', '1101'] as const;
const NOBODY = 65_534;
/** Each command runs the program in a mount namespace of its own, so that nothing is mounted for anybody else. */
const FAULTS = {
  full: ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs -o size=128k state "$0" && exec "$@"'],
  'read-only': ['unshare', '-m', 'sh', '-c', 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'],
  // root without the right to pass over permissions: another user could read neither the program nor its settings here.
  forbidden: ['sh', '-c', 'exec setpriv --bounding-set=-dac_override,-dac_read_search,-fowner -- "$@"'],
} as const;
type Fault = keyof typeof FAULTS;

interface Program {
  readonly addOn: AddOn;
  readonly receiver: ListeningReceiver;
  readonly admin: PageAdmin;
}

let lab: Lab;
let call: NoiseCall;
const programs = new Map<Fault, Program>();

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
  for (const fault of ['full', 'read-only', 'forbidden'] as const) programs.set(fault, await start(fault));
  call = await noiseCall(lab, the('full').receiver, ...PARTIES);
}, START_LIMIT_MS);
afterAll(async () => {
  for (const { addOn, receiver } of programs.values()) {
    await addOn.stop();
    await receiver.stop();
  }
  await lab?.stop();
}, TEST_LIMIT_MS);

async function start(fault: Fault): Promise<Program> {
  const stateDir = stateOf(fault);
  await mkdir(stateDir);
  await chown(stateDir, NOBODY, NOBODY);
  await chmod(stateDir, 0o755);
  const receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
  const [command, ...args] = FAULTS[fault];
  const changes = { stateDir, web: { listen: '127.0.0.1:0' }, asterisk: { app: `aas-${fault}` } };
  const through = fault === 'forbidden' ? [command, ...args, 'sh'] : [command, ...args, stateDir];
  const addOn = await AddOn.start(lab, receiver, changes, through);
  await addOn.says('connected to Asterisk');
  return { addOn, receiver, admin: await PageAdmin.at(addOn) };
}

function stateOf(fault: Fault): string {
  return join(lab.folder, `state-${fault}`);
}

function the(fault: Fault): Program {
  const program = programs.get(fault);
  if (program === undefined) throw new Error(`no program: ${fault}`);
  return program;
}

const sayings = ({ addOn }: Program) =>
  addOn.lines.filter(({ code, level }) => code === 'STATE_NOT_WRITABLE' && level === 'error');

test(
  'full while running: changes are refused in words, the old files stay, the audit trail waits, and all is kept later',
  async () => {
    const program = the('full');
    const { addOn, admin } = program;
    // The folder as the program sees it.
    const folder = join(`/proc/${addOn.pid}/root`, stateOf('full'));
    expect((await admin.setUp()).status).toBe(200);
    expect((await admin.saveBuffer(41)).status).toBe(200);
    const contentOf = (name: string) => readFile(join(folder, name), 'utf8');
    const before = { settings: await contentOf('settings.json'), access: await contentOf('access.json') };

    await fill(folder);
    const callid = [...program.receiver.heard.values()][0]?.callid ?? '';
    expect(await admin.saveBuffer(42)).toMatchObject({
      status: 500,
      json: { error: { code: 'NOT_SAVED', message: expect.stringContaining('nothing is changed: the disk is full.') } },
    });
    expect(await admin.addUser('eve')).toMatchObject({ status: 500, json: { error: { code: 'NOT_SAVED' } } });
    expect(await admin.bufferSeconds()).toBe(41);
    expect({ settings: await contentOf('settings.json'), access: await contentOf('access.json') }).toEqual(before);
    await until('a line of the audit trail does not fit', async () => {
      await admin.orderStreaming(callid);
      return (await unsaved(folder, admin)) > 1;
    });
    expect((await contentOf('audit.jsonl')).endsWith('}\n')).toBe(true);
    expect((await readdir(folder)).toSorted()).toEqual([
      'access.json',
      'audit.jsonl',
      'filler',
      'running.sock',
      'settings.json',
    ]);
    expect(sayings(program).map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Nothing can be saved in the folder for state: .*state-full: the disk is full\. Calls stream on/,
      ),
    ]);
    await flows(program.receiver, PARTIES);

    await rm(join(folder, 'filler'));
    expect((await admin.saveBuffer(43)).status).toBe(200);
    expect((await admin.addUser('eve')).status).toBe(201);
    await admin.orderStreaming(callid);
    await addOn.says('what is saved is kept again');
    await until('the audit trail is whole', async () => (await unsaved(folder, admin)) === 0);
    expect(sayings(program)).toHaveLength(1);
  },
  TEST_LIMIT_MS,
);

test.each([
  ['read-only', 'the file system can only be read'],
  ['forbidden', 'this user may not'],
] as const)(
  '%s from the start: the log says why before anybody wants to save, and no account is made',
  async (fault, why) => {
    const program = the(fault);
    expect((await program.addOn.reports('STATE_NOT_WRITABLE')).message).toContain(`${stateOf(fault)}: ${why}.`);
    expect(await program.admin.setUp()).toMatchObject({
      status: 500,
      json: { error: { code: 'NOT_SAVED', message: expect.stringContaining(`nothing was changed: ${why}.`) } },
    });
    // The code of the log is still good: it was of no use.
    expect(await program.admin.setUp()).toMatchObject({ status: 500, json: { error: { code: 'NOT_SAVED' } } });
    await flows(program.receiver, PARTIES);
    expect(await readdir(stateOf(fault))).toEqual([]);
    expect(sayings(program)).toHaveLength(1);
  },
  TEST_LIMIT_MS,
);

test(
  'through all of it the call is streamed sample by sample, and the phones hear each other',
  async () => {
    await call.caller.hangUp();
    for (const { receiver } of programs.values()) {
      for (const stream of await receiver.ended(PARTIES)) expect(expectExactPiece(stream)).toBeLessThan(RATE / 10);
      expect(receiver.faults).toEqual([]);
    }
    const [kept] = await the('full').admin.calls();
    expect(kept?.participants.map(({ endedAt }) => endedAt)).toEqual([expect.any(String), expect.any(String)]);
    await expectUnharmed(call);
    await nothingLeft(lab);
    for (const { addOn } of programs.values()) {
      expect(addOn.output).not.toContain('"code":"UNEXPECTED"');
      expect(addOn.output).not.toContain(lab.pbx.ari.password);
    }
  },
  TEST_LIMIT_MS,
);

/** Entries of the audit trail that the page shows and the file has not. */
async function unsaved(folder: string, admin: PageAdmin): Promise<number> {
  const lines = (await readFile(join(folder, 'audit.jsonl'), 'utf8')).split('\n').length - 1;
  return (await admin.trail()).length - lines;
}

async function fill(folder: string): Promise<void> {
  const filler = join(folder, 'filler');
  await writeFile(filler, Buffer.alloc(1024 * 1024)).catch(() => undefined);
  expect((await stat(filler)).size).toBeGreaterThan(0);
}
