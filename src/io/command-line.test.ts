import { describe, expect, test } from '@jest/globals';
import { flagName, SETTING_KEYS } from '../core/settings/settings-table.js';
import { readCommandLine } from './command-line.js';

function read(...args: string[]) {
  let out = '';
  let errors = '';
  const request = readCommandLine(args, {
    version: '1.2.3',
    writeOut: (text) => {
      out += text;
    },
    writeError: (text) => {
      errors += text;
    },
  });
  return { request, out, errors };
}

describe('start', () => {
  test('has the file and exactly the flags that were given', () => {
    const { request } = read(
      'start',
      '--config',
      'a.json',
      '--streaming-sample-rate',
      '16000',
      '--asterisk-password',
      '-x',
    );
    expect(request).toEqual({
      command: 'start',
      file: 'a.json',
      flags: new Map([
        ['asterisk.password', '-x'],
        ['streaming.sampleRate', '16000'],
      ]),
    });
  });

  test.each(SETTING_KEYS)('takes a flag for %s', (key) => {
    expect(read('start', flagName(key), 'text').request).toMatchObject({ flags: new Map([[key, 'text']]) });
  });

  test('tells all flags in its help', () => {
    const { request, out } = read('help', 'start');
    expect(request).toEqual({ command: 'none', exitCode: 0 });
    expect(SETTING_KEYS.filter((key) => !out.includes(`${flagName(key)} <`))).toEqual([]);
    expect(read('start', '--help').out).toBe(out);
  });
});

describe('check', () => {
  test('takes what start takes, and --json', () => {
    const { request } = read('check', '--config', 'a.json', '--json', '--media-format', 'opus');
    expect(request).toEqual({
      command: 'check',
      file: 'a.json',
      json: true,
      flags: new Map([['media.format', 'opus']]),
    });
    expect(read('check').request).toMatchObject({ json: false, file: undefined });
  });

  test.each(SETTING_KEYS)('takes a flag for %s', (key) => {
    expect(read('check', flagName(key), 'text').request).toMatchObject({ flags: new Map([[key, 'text']]) });
  });

  test('tells its exit codes in its help', () => {
    expect(read('help', 'check').out).toContain('0 when nothing is wrong');
  });
});

describe('receive', () => {
  test('has defaults', () => {
    expect(read('receive').request).toEqual({
      command: 'receive',
      listen: { host: '127.0.0.1', port: 8080 },
      out: 'received',
      secret: undefined,
      sampleRate: 8000,
      tls: undefined,
    });
  });

  test('reads everything', () => {
    const flags = '--listen [::]:9000 --out /o --secret X-Key=a=b --rate 48000 --cert c.pem --key k.pem'.split(' ');
    expect(read('receive', ...flags).request).toEqual({
      command: 'receive',
      listen: { host: '::', port: 9000 },
      out: '/o',
      secret: { name: 'X-Key', value: 'a=b' },
      sampleRate: 48000,
      tls: { cert: 'c.pem', key: 'k.pem' },
    });
  });
});

describe('wrong usage ends with 2 and one clear line', () => {
  test.each([
    [['start', '--asterisk-urll', 'x'], '(Did you mean --asterisk-url?)'],
    [['start', '--asterisk-url'], 'argument missing'],
    [['start', 'more'], 'too many arguments'],
    [['strat'], "unknown command 'strat'"],
    [['--nosuch'], "unknown option '--nosuch'"],
    [['receive', '--listen', '8080'], 'Allowed: HOST:PORT'],
    [['receive', '--rate', '11025'], 'Allowed: 8000, 16000, 24000, 48000'],
    [['receive', '--secret', 'hunter2'], '--secret wants NAME=VALUE'],
    [['receive', '--secret', 'Host=hunter2'], 'a field that the WebSocket upgrade uses itself'],
    [['receive', '--secret', 'X=hunter2\n'], 'holds a character that is not allowed'],
    [['receive', '--cert', 'c.pem'], '--cert and --key'],
  ])('%j', (args, line) => {
    const { request, out, errors } = read(...args);
    expect(request).toEqual({ command: 'none', exitCode: 2 });
    expect(errors).toMatch(/^error: /);
    expect(errors).toContain(line);
    expect(errors).not.toContain('hunter2');
    expect(out).toBe('');
  });

  test('no command at all shows the help', () => {
    const { request, errors } = read();
    expect(request).toEqual({ command: 'none', exitCode: 2 });
    expect(errors).toContain('Usage: ari-audio-stream');
  });
});

test('the version', () => {
  expect(read('--version')).toEqual({ request: { command: 'none', exitCode: 0 }, out: '1.2.3\n', errors: '' });
});
