/** The npm package, as its users get it: packed, installed, run, embedded, and its example receiver. */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { freeTcpPort } from '../../lab/asterisk/free-ports.js';
import { extensionRange } from '../../lab/farm-conf.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { type LabFolder, makeLabFolder } from '../../lab/lab-folder.js';
import { notifyListener } from './notify-listener.js';
import { Printing } from './printing.js';
import { expectTonesInWavs, spokenCall } from './spoken-call.js';

const run = promisify(execFile);
const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 60_000;
const CALLER = { number: '1100', hz: 439 };
const CALLEE = { number: '1101', hz: 1_063 };
const RATE = 16_000;
const SECRET = { name: 'X-Stream-Secret', value: 'only=we-know' };

/** What a program that embeds the add-on and one that receives look like; it must compile, strictly. */
const EMBEDDING = `
import { readFileSync } from 'node:fs';
import { type ErrorCode, type Log, loadSettings, type Settings, start, StreamError } from 'ari-audio-stream';

try {
  loadSettings({ values: { streaming: { sampelRate: 8000 } } });
} catch (error) {
  if (!(error instanceof StreamError)) throw error;
  const code: ErrorCode = error.code;
  console.log(code, error.message);
}

const write = (message: string, fields: object = {}): void => console.log(message, JSON.stringify(fields));
const log: Log = { error: write, warn: write, info: write, debug: () => undefined, isDebugEnabled: () => false };
const settings: Settings = loadSettings({ values: JSON.parse(readFileSync('settings.json', 'utf8')) });
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
await start(settings, { log, signal: stop.signal });
console.log('the end');
`;
/** No types of Node: what a browser's program sees. */
const RECEIVING = `
import { decodeMessage, FRAGMENT_SAMPLES, type Label, ParticipantStreams, ProtocolError } from 'ari-audio-stream/protocol';

const streams = new ParticipantStreams();
export function numberOf(frame: string): string {
  try {
    const message = decodeMessage(frame, 8000);
    const label: Label = message;
    if (message.status === 'process') {
      const pcm: Int16Array = message.pcm;
      if (pcm.length !== FRAGMENT_SAMPLES[8000]) throw new Error('unreachable');
    }
    return streams.take(message).change + label.number;
  } catch (error) {
    return error instanceof ProtocolError ? error.fault : 'another error';
  }
}
`;

let labFolder: LabFolder;
let folder: string;
let tarball: string;
let files: string[];
let program: string;
let lab: Lab;
const running: Printing[] = [];

beforeAll(async () => {
  labFolder = await makeLabFolder();
  folder = labFolder.path;
  const packing = packAndInstall();
  // It is waited for below, after what has to be stopped again has come up.
  packing.catch(() => undefined);
  lab = await startLab({ extensions: extensionRange(1100, 2, 'ulaw') });
  await packing;
}, START_LIMIT_MS);
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});
afterAll(async () => {
  await lab?.stop();
  labFolder?.remove();
}, TEST_LIMIT_MS);

async function packAndInstall(): Promise<void> {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { maxBuffer: 1 << 24 });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as { filename: string; files: { path: string }[] }[];
  tarball = join(folder, packed?.filename ?? '');
  files = packed?.files.map(({ path }) => path) ?? [];
  const quietly = ['--omit=optional', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', '--global', '--prefix', join(folder, 'global'), ...quietly, tarball]);
  program = join(folder, 'global/bin/ari-audio-stream');
}

function starts(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Printing {
  const printing = new Printing(command, args, environment);
  running.push(printing);
  return printing;
}

function settingsFor(port: number): object {
  const { url, username, password } = lab.pbx.ari;
  return {
    asterisk: { url, username, password },
    media: { listen: '127.0.0.1:0' },
    monitoring: { listen: '127.0.0.1:0' },
    web: { listen: '127.0.0.1:0' },
    streaming: {
      serverAddress: `ws://127.0.0.1:${port}/`,
      secret: SECRET,
      sampleRate: RATE,
      subscriptions: { extensions: [CALLER.number] },
    },
  };
}

describe('the package', () => {
  test('holds the program, its types and what an administrator needs, and nothing else', () => {
    const parts = new Set(files.map((path) => path.split('/').slice(0, 2).join('/')));
    const others = [...parts].filter((part) => !/^(docs|examples|asterisk-conf|monitoring|packaging)\//.test(part));
    const pages = ['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md'];
    expect(others.toSorted()).toEqual([...pages, 'dist/src', 'dist/web', 'npm-shrinkwrap.json', 'package.json']);
    expect(files).toEqual(
      expect.arrayContaining([
        'dist/src/main.js',
        'dist/src/index.d.ts',
        'dist/src/protocol.d.ts',
        'dist/web/index.html',
      ]),
    );
    expect(files).toEqual(expect.arrayContaining(['packaging/systemd/ari-audio-stream.service', 'docs/install.md']));
    expect(files.filter((path) => /\.map$|\.test\.|(^|\/)(test|lab)\/|(?<!\.d)\.ts$/.test(path))).toEqual([
      'examples/receiver.ts',
    ]);
    expect(statSync(tarball).size).toBeLessThan(500_000);
  });

  test('speaks of no file that is not in it', () => {
    const root = join(folder, 'global/lib/node_modules/ari-audio-stream');
    const maps = files.filter(
      (path) => path.endsWith('.js') && readFileSync(join(root, path), 'utf8').includes('//# source'),
    );
    expect(maps).toEqual([]);
  });

  test('installs with no development package', () => {
    const lockfile = JSON.parse(
      readFileSync(join(folder, 'global/lib/node_modules/ari-audio-stream/npm-shrinkwrap.json'), 'utf8'),
    );
    expect(Object.keys(lockfile.packages).filter((path) => /typescript|jest|biome/.test(path))).toEqual([]);
    expect(lockfile.packages['node_modules/ws'].version).toBe(
      JSON.parse(readFileSync('node_modules/ws/package.json', 'utf8')).version,
    );
  });

  test('--version, --help, and settings that say what is wrong', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(execFileSync(program, ['--version'], { encoding: 'utf8' }).trim()).toBe(version);
    expect(execFileSync(program, ['--help'], { encoding: 'utf8' })).toContain('receive');
    const faulty = starts(program, ['start', '--streaming-sample-rate', '11025']);
    expect(await faulty.exited).toBe(2);
    expect(faulty.text).toContain('streaming.sampleRate (flag --streaming-sample-rate)');
    expect(faulty.text).toContain('asterisk.password');
  });
});

test(
  'start, as a service that systemd watches, streams a call to receive',
  async () => {
    const port = await freeTcpPort();
    const out = join(folder, 'received');
    const secret = ['--secret', `${SECRET.name}=${SECRET.value}`];
    const receiver = starts(program, [
      'receive',
      '--listen',
      `127.0.0.1:${port}`,
      '--out',
      out,
      '--rate',
      `${RATE}`,
      ...secret,
    ]);
    const file = join(folder, 'settings.json');
    writeFileSync(file, JSON.stringify(settingsFor(port)));
    const socket = join(folder, 'notify');
    const manager = await notifyListener(socket);
    running.push(manager);
    const addOn = starts(program, ['start', '--config', file], { NOTIFY_SOCKET: socket });
    await addOn.says('connected to Asterisk');
    await manager.says('READY=1|STATUS=Connected to Asterisk');
    await spokenCall(lab, CALLER, CALLEE);
    expect(await addOn.stop()).toBe(0);
    expect(await receiver.stop()).toBe(0);
    expectTonesInWavs(out, RATE, [CALLER, CALLEE]);
  },
  TEST_LIMIT_MS,
);

describe('for programmers', () => {
  let project: string;
  const inProject = (...path: string[]) => join(project, ...path);
  const tsc = resolve('node_modules/typescript/bin/tsc');

  beforeAll(async () => {
    project = join(folder, 'project');
    for (const scope of ['node_modules/@types']) mkdirSync(inProject(scope), { recursive: true });
    symlinkSync(join(folder, 'global/lib/node_modules/ari-audio-stream'), inProject('node_modules/ari-audio-stream'));
    for (const name of ['ws', '@types/ws', '@types/node']) {
      symlinkSync(resolve('node_modules', name), inProject('node_modules', name));
    }
    writeFileSync(inProject('package.json'), '{ "type": "module" }');
    writeFileSync(inProject('embedding.ts'), EMBEDDING);
    writeFileSync(inProject('receiving.ts'), RECEIVING);
    cpSync(join(folder, 'global/lib/node_modules/ari-audio-stream/examples/receiver.ts'), inProject('receiver.ts'));
    const strictly = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--module', 'nodenext'];
    const target = ['--target', 'es2022', '--skipLibCheck', 'false'];
    const compiles = async (...args: string[]) =>
      run(process.execPath, [tsc, ...strictly, ...target, ...args], { cwd: project }).catch(
        (error: { stdout: string }) => {
          throw new Error(error.stdout);
        },
      );
    await compiles('--types', 'node', 'embedding.ts', 'receiver.ts');
    await compiles('--types', '', '--lib', 'es2023', 'receiving.ts');
  }, TEST_LIMIT_MS);

  test('nothing but the two entries can be imported', async () => {
    const importing = (name: string) =>
      run(process.execPath, ['--input-type=module', '-e', `await import(${JSON.stringify(name)})`], { cwd: project });
    await importing('ari-audio-stream');
    await importing('ari-audio-stream/protocol');
    for (const inner of ['dist/src/app/start.js', 'dist/src/core/errors.js', 'index.js', 'main.js']) {
      await expect(importing(`ari-audio-stream/${inner}`)).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
    }
  });

  test('the public names are these', async () => {
    const namesOf = async (entry: string): Promise<string[]> => {
      const script = `console.log(JSON.stringify(Object.keys(await import('${entry}'))))`;
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: project });
      return (JSON.parse(stdout) as string[]).toSorted();
    };
    expect(await namesOf('ari-audio-stream')).toEqual(['ERROR_CODES', 'StreamError', 'loadSettings', 'start']);
    expect(await namesOf('ari-audio-stream/protocol')).toEqual([
      'CALLFLOWS',
      'FRAGMENT_SAMPLES',
      'ParticipantStreams',
      'ProtocolError',
      'SAMPLE_RATES',
      'decodeMessage',
      'wavHeader',
    ]);
  });

  test(
    'an embedded add-on streams a call to the example receiver',
    async () => {
      const port = await freeTcpPort();
      const out = inProject('received');
      const options = ['--port', String(port), '--out', out, '--rate', String(RATE)];
      const secret = ['--secret', `${SECRET.name}=${SECRET.value}`];
      const receiver = starts(process.execPath, [inProject('receiver.js'), ...options, ...secret]);
      await receiver.says('listening');
      await expect(rejectsStrangers(port)).resolves.toBe(401);

      writeFileSync(inProject('settings.json'), JSON.stringify(settingsFor(port)));
      const embedding = starts('sh', ['-c', 'cd "$1" && exec "$2" embedding.js', 'sh', project, process.execPath]);
      await embedding.says('SETTINGS_INVALID The settings are not valid');
      expect(embedding.text).toContain('streaming.sampelRate');
      await embedding.says('connected to Asterisk');
      await spokenCall(lab, CALLER, CALLEE);
      await receiver.says('has gone', 2);
      await receiver.says('connection closed: 1000');
      expect(await embedding.stop()).toBe(0);
      expect(embedding.text).toContain('the end');
      expectTonesInWavs(out, RATE, [CALLER, CALLEE]);
      expect(receiver.text).not.toContain('wrong-length');
    },
    TEST_LIMIT_MS,
  );
});

/** The status that an upgrade without the secret is answered with. */
async function rejectsStrangers(port: number): Promise<number | undefined> {
  const { WebSocket } = await import('ws');
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
    socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode));
    socket.on('open', () => resolve(101));
    socket.on('error', () => undefined);
  });
}
