import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeProblems, type Problem } from '../../core/settings/problem.js';
import type { Settings } from '../../core/settings/settings.js';
import { EXAMPLE } from '../../core/settings/settings-docs.js';
import type { SettingKey } from '../../core/settings/settings-table.js';
import { loadSettings } from './load-settings.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Given {
  readonly file?: unknown;
  readonly environment?: Record<string, string>;
  readonly flags?: Partial<Record<SettingKey, string>>;
}

/** Loads what is given; `file` is the object of the settings file, or its text. */
function load({ file, environment = {}, flags = {} }: Given) {
  const path = join(folder, 'settings.json');
  if (file !== undefined) writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));
  return loadSettings({
    file: file === undefined ? undefined : path,
    environment,
    flags: new Map(Object.entries(flags) as [SettingKey, string][]),
  });
}

function settingsOf(given: Given): Settings {
  const loaded = load(given);
  if ('problems' in loaded) throw new Error(describeProblems(loaded.problems));
  return loaded.settings;
}

function problemsOf(given: Given): readonly Problem[] {
  const loaded = load(given);
  return 'problems' in loaded ? loaded.problems : [];
}

const NEEDED = { asterisk: { password: 'pw' }, streaming: { serverAddress: 'ws://a' } };

test('the defaults', () => {
  expect(settingsOf({ file: NEEDED, environment: { HOME: '/home/u' } })).toEqual({
    asterisk: {
      url: 'http://127.0.0.1:8088',
      username: 'ari-audio-stream',
      password: 'pw',
      app: 'ari-audio-stream',
      ca: undefined,
      insecure: false,
    },
    media: {
      listen: { host: '127.0.0.1', port: 40000 },
      advertise: { host: '127.0.0.1', port: undefined },
      format: 'auto',
      workers: 1,
    },
    log: { level: 'info', format: 'text' },
    monitoring: { listen: { host: '127.0.0.1', port: 9464 }, traces: undefined },
    stateDir: '/home/u/.local/state/ari-audio-stream',
    streaming: {
      enable: true,
      serverAddress: 'ws://a',
      ca: undefined,
      cert: undefined,
      key: undefined,
      insecure: false,
      secret: undefined,
      sampleRate: 8000,
      bufferSeconds: 30,
      earlyMedia: false,
      subscriptions: {
        enableExtensions: true,
        enableExtensionGroups: true,
        enableTrunks: true,
        enableDids: true,
        extensions: [],
        extensionGroups: [],
        trunks: [],
        dids: [],
      },
    },
    calls: {
      technologies: ['PJSIP', 'SIP', 'IAX2', 'DAHDI'],
      trunks: [],
      trunkContexts: [
        'from-trunk*',
        'from-pstn*',
        'from-external*',
        'from-digital*',
        'from-analog*',
        'from-dahdi*',
        'from-sip-external',
      ],
      extensionGroups: {},
      callflows: [],
    },
    web: {
      listen: { host: '127.0.0.1', port: 8090 },
      cert: undefined,
      key: undefined,
      basePath: '',
      trustedProxies: [],
      hosts: [],
    },
  });
});

test('flags override the environment, which overrides the file', () => {
  const file = { ...NEEDED, asterisk: { password: 'pw', app: 'file', username: 'file', url: 'http://file' } };
  const environment = {
    ARI_AUDIO_STREAM_ASTERISK_APP: 'environment',
    ARI_AUDIO_STREAM_ASTERISK_USERNAME: 'environment',
  };
  expect(settingsOf({ file, environment, flags: { 'asterisk.app': 'flag' } }).asterisk).toMatchObject({
    app: 'flag',
    username: 'environment',
    url: 'http://file',
  });
});

test('texts of the environment become what the setting wants; empty ones are not set', () => {
  const environment = {
    ARI_AUDIO_STREAM_ASTERISK_PASSWORD: '0123',
    ARI_AUDIO_STREAM_ASTERISK_APP: '',
    ARI_AUDIO_STREAM_STREAMING_ENABLE: 'No',
    ARI_AUDIO_STREAM_STREAMING_SAMPLE_RATE: '16000',
    ARI_AUDIO_STREAM_STREAMING_BUFFER_SECONDS: '',
    ARI_AUDIO_STREAM_STREAMING_SUBSCRIPTIONS_EXTENSIONS: '1001, _20XX,*',
    ARI_AUDIO_STREAM_SERVICE_HOST: 'of Kubernetes',
    ARI_AUDIO_STREAM_PORT_40000_UDP_ADDR: 'of Kubernetes',
  };
  const { asterisk, streaming } = settingsOf({ environment });
  expect(asterisk).toMatchObject({ password: '0123', app: 'ari-audio-stream' });
  expect(streaming).toMatchObject({ enable: false, sampleRate: 16000, bufferSeconds: 30 });
  expect(streaming.subscriptions.extensions).toEqual(['1001', '_20XX', '*']);
});

test('addresses come out ready for use', () => {
  const media = { listen: '[::]:0', advertise: '[2001:db8::1]:5000' };
  const settings = settingsOf({ file: { ...NEEDED, asterisk: { password: 'pw', url: 'https://a/pbx/' }, media } });
  expect(settings.asterisk.url).toBe('https://a/pbx');
  expect(settings.media).toMatchObject({
    listen: { host: '::', port: 0 },
    advertise: { host: '2001:db8::1', port: 5000 },
  });
});

test('how calls are understood, from the file and from flags', () => {
  const fromFile = settingsOf({
    file: {
      ...NEEDED,
      streaming: {
        serverAddress: 'ws://a',
        subscriptions: { extensionGroups: ['sales', 'a.b'], dids: ['+49 (30) 1'] },
      },
      calls: {
        extensionGroups: { sales: ['1001', '_20XX'], 'a.b': [] },
        callflows: ['context:ext-local=', 'app:X=cfd'],
      },
    },
  });
  expect(fromFile.streaming.subscriptions).toMatchObject({ extensionGroups: ['sales', 'a.b'], dids: ['+49 (30) 1'] });
  expect(fromFile.calls).toMatchObject({
    extensionGroups: { sales: ['1001', '_20XX'], 'a.b': [] },
    callflows: [
      { by: 'context', pattern: 'ext-local', callflow: '' },
      { by: 'app', pattern: 'X', callflow: 'cfd' },
    ],
  });

  const flags = {
    'calls.extensionGroups': 'support=1005',
    'calls.callflows': 'app:Queue=queue, context:*-ivr=ivr',
    'streaming.subscriptions.extensionGroups': '*',
    'streaming.subscriptions.enableDids': 'no',
    'streaming.earlyMedia': 'yes',
  };
  const fromFlags = settingsOf({ file: { ...NEEDED, calls: { extensionGroups: { sales: ['1001'] } } }, flags });
  expect(fromFlags.calls.extensionGroups).toEqual({ support: ['1005'] });
  expect(fromFlags.calls.callflows).toHaveLength(2);
  expect(fromFlags.streaming).toMatchObject({ earlyMedia: true, subscriptions: { enableDids: false } });
});

test('the example of docs/settings.md has no mistake', () => {
  const plain = { ...EXAMPLE, asterisk: { ...EXAMPLE.asterisk, passwordFile: 'password' } };
  const streaming = { ...EXAMPLE.streaming, secret: { ...EXAMPLE.streaming.secret, valueFile: 'password' } };
  writeFileSync(join(folder, 'password'), 'pw\n');
  expect(settingsOf({ file: { ...plain, streaming } }).streaming.secret).toEqual({ name: 'X-Api-Key', value: 'pw' });
});

describe('problems', () => {
  test('five mistakes are five problems, each with key, place and what is allowed, and no secret', () => {
    const file = {
      asterisk: { pasword: 'hunter2', url: 'http://me:hunter2@pbx' },
      streaming: { sampleRate: 11025, serverAddress: 'http://a', secret: { value: 'hunter2\n' } },
    };
    const problems = problemsOf({ file });
    expect(problems.map(({ key }) => key)).toEqual([
      'asterisk.pasword',
      'asterisk.url',
      'streaming.serverAddress',
      'streaming.secret.value',
      'streaming.sampleRate',
    ]);
    const text = describeProblems(problems);
    expect(text).not.toContain('hunter2');
    expect(text).toContain(
      `streaming.sampleRate (file ${folder}/settings.json): is 11025; allowed: 8000, 16000, 24000`,
    );
    expect(text).toContain('did you mean asterisk.password?');
  });

  test('each is told where it comes from', () => {
    const problems = problemsOf({
      file: { ...NEEDED, log: { level: 'loud' } },
      environment: { ARI_AUDIO_STREAM_LOG_FORMAT: 'xml', ARI_AUDIO_STREAM_LOG_LEVLE: 'info' },
      flags: { 'streaming.bufferSeconds': '30s' },
    });
    expect(problems.map(({ key, origin }) => [key, origin])).toEqual([
      ['ARI_AUDIO_STREAM_LOG_LEVLE', 'environment'],
      ['log.level', `file ${folder}/settings.json`],
      ['log.format', 'environment ARI_AUDIO_STREAM_LOG_FORMAT'],
      ['streaming.bufferSeconds', 'flag --streaming-buffer-seconds'],
    ]);
  });

  test.each([
    [{}, ['asterisk.password']],
    [{ web: { listen: 'off' } }, ['asterisk.password', 'streaming.serverAddress']],
    [{ asterisk: { password: 'x' }, streaming: { enable: false } }, []],
    [{ ...NEEDED, media: { listen: '0.0.0.0:40000' } }, ['media.advertise']],
    [{ ...NEEDED, media: { listen: '0.0.0.0:40000', advertise: '192.0.2.1' } }, []],
    [{ ...NEEDED, media: { listen: '[::]:40000' } }, ['media.advertise']],
    [{ ...NEEDED, streaming: { serverAddress: 'ws://a', bufferSeconds: 301 } }, ['streaming.bufferSeconds']],
    [{ ...NEEDED, streaming: { serverAddress: 'ws://a', bufferSeconds: '30' } }, ['streaming.bufferSeconds']],
    [{ ...NEEDED, streaming: { serverAddress: 'ws://a', sampleRate: '8000' } }, ['streaming.sampleRate']],
    [{ ...NEEDED, streaming: { serverAddress: 5 } }, ['streaming.serverAddress']],
    [{ asterisk: { password: null }, streaming: { enable: 'x' } }, ['asterisk.password', 'streaming.enable']],
  ])('%j: %j', (file, keys) => {
    expect(problemsOf({ file }).map(({ key }) => key)).toEqual(keys);
  });

  test('each wrong item of a list is named', () => {
    const subscriptions = { extensions: ['1001', 5, 'a b', '_[1'], trunks: '1001' };
    const [extensions, trunks] = problemsOf({ file: { ...NEEDED, streaming: { enable: false, subscriptions } } });
    expect(extensions?.wrong).toMatch(/^item 2 is a number, not text, item 3 .*, item 4 /);
    expect(trunks?.wrong).toBe('is text, not a list');
  });

  test.each([
    [
      'sales, sles, toString',
      { sales: ['1'], support: [] },
      'names "sles", "toString", but calls.extensionGroups defines "sales", "support"',
    ],
    ['sales', undefined, 'names "sales", but calls.extensionGroups defines none'],
    ['*', undefined, undefined],
  ])('groups %j of %j: %s', (subscribed, extensionGroups, wrong) => {
    const flags = { 'streaming.subscriptions.extensionGroups': subscribed };
    const file = { ...NEEDED, ...(extensionGroups && { calls: { extensionGroups } }) };
    expect(problemsOf({ file, flags }).map((problem) => problem.wrong)).toEqual(wrong === undefined ? [] : [wrong]);
  });

  test.each([
    [{ extensionGroup: { sales: [] } }, ['sales'], 'calls.extensionGroup'],
    [{ extensionGroups: [] }, ['sales'], 'calls.extensionGroups'],
    [{ extensionGroups: { sales: ['a b'] } }, ['sales'], 'calls.extensionGroups'],
    [{ extensionGroups: {} }, ['a|b', 5], 'streaming.subscriptions.extensionGroups'],
    [{ extensionGroups: {} }, 'sales', 'streaming.subscriptions.extensionGroups'],
  ])('calls %j, groups %j: only %s has a problem', (calls, extensionGroups, key) => {
    const file = { ...NEEDED, streaming: { enable: false, subscriptions: { extensionGroups } }, calls };
    expect(problemsOf({ file }).map((problem) => problem.key)).toEqual([key]);
  });

  test('a group may have the name of a part of every object, and pollutes no prototype', () => {
    const file = `{"asterisk": {"password": "pw"}, "calls": {"extensionGroups": {"__proto__": ["1"], "constructor": ["2"]}},
      "streaming": {"enable": false, "subscriptions": {"extensionGroups": ["__proto__"]}}}`;
    const { extensionGroups } = settingsOf({ file }).calls;
    expect(Object.entries(extensionGroups)).toEqual([
      ['__proto__', ['1']],
      ['constructor', ['2']],
    ]);
    expect(Object.getPrototypeOf(extensionGroups)).toBe(Object.prototype);
  });

  test('a hostile key pollutes no prototype', () => {
    const file = '{"__proto__": {"polluted": 1}, "asterisk": {"constructor": {"prototype": {"polluted": 1}}}}';
    expect(problemsOf({ file }).map(({ key }) => key)).toContain('__proto__');
    expect(Object.prototype).not.toHaveProperty('polluted');
  });
});
