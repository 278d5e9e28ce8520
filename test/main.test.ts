/** The program as a process: exit codes, what is written where, and what signals do. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

/** A build of its own, so that the tests neither need nor disturb the one in dist. */
const BUILD = 'dist/test-main';
const LIMIT_MS = 20_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'main-test-'));
  const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
  const flags = ['--noCheck', '--declaration', 'false', '--sourceMap', 'false'];
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', `${BUILD}/dist`, ...flags]);
  copyFileSync('package.json', `${BUILD}/package.json`);
}, LIMIT_MS);
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(BUILD, { recursive: true });
});

class Program {
  out = '';
  errors = '';
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  #onMore: () => void = () => undefined;

  constructor(args: readonly string[], environment: Record<string, string> = {}) {
    const env = { PATH: process.env.PATH ?? '', HOME: folder, ...environment };
    this.process = spawn(process.execPath, [`${BUILD}/dist/src/main.js`, ...args], { env });
    this.process.stdout?.on('data', (chunk) => {
      this.out += chunk;
      this.#onMore();
    });
    this.process.stderr?.on('data', (chunk) => {
      this.errors += chunk;
      this.#onMore();
    });
    this.ended = new Promise((resolve) => this.process.on('close', resolve));
  }

  /** The lines of a log of JSON. */
  lines(): Record<string, unknown>[] {
    const whole = this.out.slice(0, this.out.lastIndexOf('\n') + 1);
    return whole
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  /** Resolves when the text has been written; rejects when the program ends without it. */
  async wrote(text: string): Promise<void> {
    const isThere = () => (this.out + this.errors).includes(text);
    while (!isThere()) {
      const more = new Promise<void>((resolve) => {
        this.#onMore = resolve;
      });
      const code = await Promise.race([more, this.ended]);
      if (code !== undefined && !isThere()) throw new Error(`Ended with ${code}: ${this.out}${this.errors}`);
    }
  }
}

describe('settings that are wrong', () => {
  test('a config with five mistakes: five problems on stderr, 2, nothing started, no secret told', async () => {
    const file = join(folder, 'settings.json');
    const settings = {
      asterisk: { url: 'http://me:hunter2@pbx', password: 'hunter2' },
      log: { level: 'hunter' },
      streaming: { sampleRate: 11025, serverAdress: 'ws://a', subscriptions: { extensions: '1001' } },
    };
    writeFileSync(file, JSON.stringify(settings));
    const program = new Program(['start', '--config', file]);
    expect(await program.ended).toBe(2);
    expect(program.out).toBe('');
    expect(program.errors.split('\n')).toEqual([
      'SETTINGS_INVALID: The settings are not valid: 5 problems',
      `  streaming.serverAdress (file ${file}): is not a setting; did you mean streaming.serverAddress?`,
      expect.stringContaining(`  asterisk.url (file ${file}): holds credentials: `),
      `  log.level (file ${file}): is "hunter"; allowed: error, warn, info or debug`,
      `  streaming.sampleRate (file ${file}): is 11025; allowed: 8000, 16000, 24000 or 48000 (Hz)`,
      expect.stringContaining(`  streaming.subscriptions.extensions (file ${file}): is text, not a list; allowed: `),
      'See docs/errors.md#settings_invalid',
      '',
    ]);
    expect(program.errors).not.toContain('hunter2');
  });

  test('a secret next to a JSON mistake is not told either', async () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{"asterisk": {"password": hunter2}}');
    const program = new Program(['start', '--config', file]);
    expect(await program.ended).toBe(2);
    expect(program.errors).toContain('not JSON from line 1, column 27 on');
    expect(program.out + program.errors).not.toContain('hunter2');
  });
});

describe('the command line', () => {
  test.each([
    [['--version'], 0],
    [['--help'], 0],
    [['help', 'receive'], 0],
    [['start', '--nosuch'], 2],
    [['nosuch'], 2],
    [[], 2],
  ])('%j ends with %i', async (args, code) => {
    expect(await new Program(args).ended).toBe(code);
  });
});

describe('start', () => {
  const SETTINGS = {
    ARI_AUDIO_STREAM_ASTERISK_PASSWORD: 'hunter2',
    ARI_AUDIO_STREAM_MONITORING_LISTEN: '127.0.0.1:0',
    ARI_AUDIO_STREAM_STREAMING_ENABLE: 'false',
  };

  test.each(['SIGINT', 'SIGTERM'] as const)('ends in order after %s', async (signal) => {
    const flags = ['--media-listen', '127.0.0.1:0', '--asterisk-url', 'http://127.0.0.1:9'];
    const program = new Program(['start', '--log-level', 'debug', '--log-format', 'json', ...flags], SETTINGS);
    await program.wrote('started with these settings');
    program.process.kill(signal);
    expect(await program.ended).toBe(0);
    expect(program.out + program.errors).not.toContain('hunter2');
    const lines = program.out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ level: 'info', message: 'stopping', signal }),
    );
  });

  test('ends at once after a second signal', async () => {
    const program = new Program(['start', '--log-level', 'debug', '--media-listen', '127.0.0.1:0'], SETTINGS);
    await program.wrote('started with these settings');
    // Stopped, it finds both signals when it goes on, however fast it can end in order.
    for (const signal of ['SIGSTOP', 'SIGINT', 'SIGTERM', 'SIGCONT'] as const) program.process.kill(signal);
    expect(await program.ended).toBe(130);
  });
});

describe('settings that are read again', () => {
  let file: string;
  let program: Program;
  const write = (level: string, rest: object = {}): void => {
    const streaming = { enable: false, ...rest };
    const asterisk = { url: 'http://127.0.0.1:9', password: 'hunter2' };
    const listen = '127.0.0.1:0';
    writeFileSync(
      file,
      JSON.stringify({ asterisk, log: { level }, media: { listen }, monitoring: { listen }, streaming }),
    );
  };

  beforeEach(async () => {
    file = join(folder, 'changing.json');
    write('info');
    program = new Program(['start', '--config', file, '--log-format', 'json']);
    await program.wrote('listening for RTP');
  });
  afterEach(async () => {
    program.process.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    expect(program.out + program.errors).not.toContain('hunter');
  });

  test.each([
    ['SIGHUP', false],
    ['SIGUSR2', true],
  ] as const)('after %s hold at once, or the log says that they do not', async (signal, applyToRunning) => {
    write('debug', { bufferSeconds: 5, secret: { value: 'hunter3' } });
    program.process.kill(signal);
    await program.wrote('these settings hold now');
    const secret = ['streaming.secret.name', 'streaming.secret.value'];
    expect(program.lines()).toContainEqual(
      expect.objectContaining({
        message: 'the settings were read again',
        changed: ['log.level', ...secret, 'streaming.bufferSeconds'],
        applyToRunning,
      }),
    );

    writeFileSync(file, JSON.stringify({ asterisk: { password: 'hunter4' }, streaming: { enable: false } }));
    program.process.kill(signal);
    await program.wrote('takes effect at the next start');
    const delayed = program.lines().find(({ message }) => message === 'takes effect at the next start');
    expect(delayed).toMatchObject({
      changed: ['asterisk.url', 'asterisk.password', 'media.listen', 'monitoring.listen'],
    });
  });

  test('change nothing when they are faulty, and the log lists every problem', async () => {
    write('debug', { sampleRate: 11025, sampelRate: 8000, secret: { value: 'hunter3\n' } });
    program.process.kill('SIGHUP');
    await program.wrote('streaming.sampleRate (');
    const told = program.lines().filter(({ level }) => level === 'error');
    expect(told).toEqual([
      expect.objectContaining({ code: 'SETTINGS_INVALID', problems: 3 }),
      expect.objectContaining({ message: expect.stringContaining('did you mean streaming.sampleRate?') }),
      expect.objectContaining({ message: expect.stringContaining('streaming.secret.value (') }),
      expect.objectContaining({ message: expect.stringContaining('is 11025; allowed: 8000, ') }),
    ]);

    rmSync(file);
    program.process.kill('SIGHUP');
    await program.wrote('(no such file)');

    write('info');
    program.process.kill('SIGHUP');
    await program.wrote('"the settings were read again"');
    const again = program.lines().find(({ message }) => message === 'the settings were read again');
    expect(again).toMatchObject({ changed: [] });
    expect(program.lines().filter(({ level }) => level === 'debug')).toEqual([]);
  });
});

describe('receive', () => {
  test('keeps its log out of stdout, and ends in order after SIGINT', async () => {
    const program = new Program(['receive', '--listen', '127.0.0.1:0', '--out', join(folder, 'received')]);
    await program.wrote('ws://127.0.0.1:');
    program.process.kill('SIGINT');
    expect(await program.ended).toBe(0);
    expect(program.errors).toContain('stopping');
    expect(program.out).not.toContain('stopping');
  });

  test('ends with 1 and says UNEXPECTED after an error that nobody caught', async () => {
    const preload = 'process.on("SIGUSR2", () => { Promise.reject(new Error("boom")); })';
    const environment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` };
    const program = new Program(
      ['receive', '--listen', '127.0.0.1:0', '--out', join(folder, 'unexpected')],
      environment,
    );
    await program.wrote('ws://127.0.0.1:');
    program.process.kill('SIGUSR2');
    expect(await program.ended).toBe(1);
    expect(program.errors).toMatch(/ error .* code=UNEXPECTED error=boom stack=/);
  });

  test('that cannot run ends with 1, the code of the error, and no stack', async () => {
    const program = new Program(['receive', '--listen', '127.0.0.1:0', '--out', '/dev/null/x']);
    expect(await program.ended).toBe(1);
    expect(program.errors).toContain('RECEIVER_OUT_FAILED: ');
    expect(program.errors).toContain('See docs/errors.md#receiver_out_failed');
    expect(program.errors).not.toMatch(/\n {4}at /);
  });
});
