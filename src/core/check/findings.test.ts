import { describe, expect, test } from '@jest/globals';
import { applicationFinding, ariProblem, channelvarsFinding, versionFindings } from './asterisk-findings.js';
import { certificateFinding, clockFinding } from './clock.js';
import { settingLine } from './finding.js';
import {
  descriptorsFinding,
  listenerFinding,
  nodeFinding,
  secretFileFindings,
  stateDirFinding,
  udpBufferFinding,
} from './machine-findings.js';
import { moduleFindings, NEEDED_MODULES } from './modules.js';
import { receiverFindings } from './receiver-findings.js';

const TODAY = '2026-11-22';
const NOW = Date.parse(TODAY);
const DAY_MS = 86_400_000;

test('a setting is shown as it stands in the file', () => {
  expect(settingLine('media.advertise', '192.0.2.1:40000').text).toBe('"media": {"advertise": "192.0.2.1:40000"}');
  expect(settingLine('streaming.secret.name', 'X').text).toBe('"streaming": {"secret": {"name": "X"}}');
  expect(settingLine('stateDir', '/x').text).toBe('"stateDir": "/x"');
});

describe('the version of Asterisk', () => {
  test.each([
    ['16.30.0', ['error']],
    ['22.10.1', ['ok']],
    ['22.9.0', ['warning']],
    ['18.26.4', ['note']],
    ['GIT-master-abc', ['note']],
  ])('%s', (text, levels) => {
    expect(versionFindings(text, TODAY).map(({ level }) => level)).toEqual(levels);
  });
});

describe('the application name', () => {
  const needed = ['ChannelCreated', 'StasisStart'];
  const ours = { allowed: needed, disallowed: [], seesAll: true };
  test.each([
    ['nobody has it', undefined, 'ok'],
    ['the add-on runs', ours, 'note'],
    ['its filter keeps something back', { ...ours, allowed: ['StasisStart'] }, 'warning'],
    ['something is disallowed', { ...ours, disallowed: ['StasisStart'] }, 'warning'],
    ['a program without filter', { ...ours, allowed: [] }, 'warning'],
    ['a program that does not see all', { ...ours, seesAll: false }, 'warning'],
  ])('%s', (_what, facts, level) => {
    expect(applicationFinding(facts, 'app', needed).level).toBe(level);
  });

  test('what is kept back is named', () => {
    expect(applicationFinding({ ...ours, allowed: ['StasisStart'] }, 'app', needed).what).toContain('ChannelCreated');
  });
});

test('ARI that lacks one of its modules is not said to be switched off', () => {
  const problem = { code: 'ARI_NOT_THERE', message: 'x', foundAt: undefined, isPartMissing: true } as const;
  const { lines } = ariProblem(problem, { url: 'http://127.0.0.1:8088', username: 'u', app: 'a' });
  expect(lines).toEqual([{ where: 'shell', text: 'asterisk -rx "module load res_ari_asterisk.so"' }]);
});

test('channelvars keeps what is there already', () => {
  expect(channelvarsFinding(['X', 'FROM_DID']).lines?.[0]?.text).toBe('channelvars = X,FROM_DID,CHANNEL(linkedid)');
  expect(channelvarsFinding(['FROM_DID', 'CHANNEL(linkedid)']).level).toBe('ok');
  const whys = [channelvarsFinding(['FROM_DID'], 1), channelvarsFinding(['FROM_DID'], 2)].map(({ why }) => why);
  expect(whys.map((why) => /detour/.test(why ?? ''))).toEqual([false, true]);
});

describe('modules', () => {
  const all = NEEDED_MODULES.map((name) => ({ name, status: 'Running' }));
  const levels = (modules: typeof all, format = 'auto') => moduleFindings(modules, format).map(({ level }) => level);

  test('all run', () => expect(levels(all)).toEqual(['ok']));
  test('one is loaded but does not run', () => {
    const broken = all.map((one) => (one.name === 'chan_rtp.so' ? { ...one, status: 'Not Running' } : one));
    expect(moduleFindings(broken, 'auto')[0]?.what).toBe('The module chan_rtp.so is loaded but does not run.');
  });
  test('one that taps can do without is a warning', () => {
    expect(levels(all.filter(({ name }) => name !== 'func_channel.so'))).toEqual(['warning']);
  });
  test('another clock does as well as the usual one', () => {
    const without = all.filter(({ name }) => !name.startsWith('res_timing'));
    expect(levels(without)).toEqual(['error']);
    expect(levels([...without, { name: 'res_timing_pthread.so', status: 'Running' }])).toEqual(['ok']);
  });
  test('mu-law may come by way of A-law, as Asterisk 22 does it', () => {
    const running = (name: string) => ({ name, status: 'Running' });
    expect(levels(all, 'ulaw')).toEqual(['ok', 'error']);
    expect(levels([...all, running('codec_ulaw.so')], 'ulaw')).toEqual(['ok', 'ok']);
    expect(levels([...all, running('codec_alaw.so')], 'ulaw')).toEqual(['ok', 'error']);
    expect(levels([...all, running('codec_alaw.so'), running('codec_a_mu.so')], 'ulaw')).toEqual(['ok', 'ok']);
  });
});

describe('this machine', () => {
  test('Node.js: a note once its line has ended', () => {
    expect(nodeFinding('v20.19.4', '2026-04-30').level).toBe('ok');
    expect(nodeFinding('v20.19.4', '2026-05-01').level).toBe('note');
    expect(nodeFinding('v99.0.0', TODAY).level).toBe('ok');
  });

  test('files with secrets: others may neither read nor change them', () => {
    const level = (mode: number | undefined) =>
      secretFileFindings([{ path: '/a', holds: ['asterisk.password'], mode }])[0]?.level;
    expect([0o600, 0o640, 0o644, 0o602, undefined].map(level)).toEqual(['ok', 'ok', 'warning', 'warning', 'ok']);
    expect(secretFileFindings([])).toEqual([]);
  });

  test('a path with blanks can be copied into a shell', () => {
    const [finding] = secretFileFindings([{ path: "/it's here", holds: ['x'], mode: 0o644 }]);
    expect(finding?.lines?.[0]?.text).toBe(`chmod o= '/it'\\''s here'`);
    expect(stateDirFinding('/var/lib/x', 'the disk is full').lines?.[0]?.text).toContain(' /var/lib/x');
  });

  test('a port to listen at: the running add-on may have it, another program may not', () => {
    const level = (problem: string | undefined, runs: boolean) =>
      listenerFinding(
        { id: 'machine.page', key: 'web.listen', address: '127.0.0.1:8090', proposal: '127.0.0.1:8091' },
        problem,
        runs,
      ).level;
    expect(level(undefined, false)).toBe('ok');
    expect([level('EADDRINUSE', true), level('EADDRINUSE', false)]).toEqual(['note', 'error']);
    expect(level('EADDRNOTAVAIL', true)).toBe('error');
  });

  test('files and connections: few are a warning with the lines to change, and none known is said', () => {
    const level = (limit: number | undefined) => descriptorsFinding(limit).level;
    expect([undefined, 256, 1024, Number.POSITIVE_INFINITY].map(level)).toEqual(['skipped', 'warning', 'ok', 'ok']);
    expect(descriptorsFinding(256)).toMatchObject({ what: 'Only 256 files and connections may be open at once.' });
    expect(descriptorsFinding(256).lines?.[0]?.text).toContain('LimitNOFILE=65536');
  });

  test('the UDP buffer: what the kernel did not grant is a note with the line for sysctl', () => {
    const finding = udpBufferFinding({ askedOctets: 4_194_304, grantedOctets: 212_992 });
    expect(finding).toMatchObject({ level: 'note', what: 'The UDP receive buffer has 208 KiB of 4096 KiB.' });
    expect(finding.lines?.[0]?.text).toBe('net.core.rmem_max = 4194304');
  });
});

test('clocks: five seconds are tolerated', () => {
  const level = (ms: number | undefined) => clockFinding('asterisk.clock', 'Asterisk', ms)[0]?.level;
  expect([undefined, 0, -5000, 5001, -60_000].map(level)).toEqual([undefined, 'ok', 'ok', 'warning', 'warning']);
  expect(clockFinding('asterisk.clock', 'Asterisk', -60_000)[0]?.what).toContain('60 s behind');
});

test('certificates: three weeks before the end is a warning', () => {
  const level = (days: number) =>
    certificateFinding('receiver.certificate', 'the receiver', NOW + days * DAY_MS, NOW)[0]?.level;
  expect([90, 21, 20, 0].map(level)).toEqual(['ok', 'ok', 'warning', 'warning']);
});

describe('the receiver', () => {
  const fine = { problem: undefined, openMs: 12, pongMs: 1, closedInOrder: true, certificateExpires: undefined };
  const place = { shownAs: 'wss://a/b', secretName: undefined };
  const levels = (facts: object, more: object = {}) =>
    receiverFindings({ ...fine, clockAheadMs: undefined, ...facts }, { ...place, ...more }, NOW).map(
      ({ id, level }) => `${id} ${level}`,
    );

  test('well', () => expect(levels({})).toEqual(['receiver.reach ok', 'receiver.ping ok', 'receiver.close ok']));
  test('no pong', () => expect(levels({ pongMs: undefined })).toEqual(['receiver.reach ok', 'receiver.ping error']));
  test('no answer to Close', () => expect(levels({ closedInOrder: false })).toContain('receiver.close warning'));
  test('its certificate, when nobody looks at it', () => {
    const certificateExpires = NOW + 90 * DAY_MS;
    expect(levels({ certificateExpires })).toContain('receiver.certificate ok');
    expect(levels({ certificateExpires }, { isUnverified: true })).toContain('receiver.certificate warning');
  });
  test('our own certificate: three weeks before the end is a warning, then it is an error', () => {
    const level = (days: number) => levels({}, { ownCertificateExpires: NOW + days * DAY_MS }).at(-1);
    expect([90, 20, 0].map(level)).toEqual(
      ['ok', 'warning', 'error'].map((word) => `receiver.clientCertificate ${word}`),
    );
  });
  test.each([
    ['RECEIVER_CERTIFICATE', 'streaming": {"ca"'],
    ['RECEIVER_WANTS_CERTIFICATE', 'streaming": {"cert"'],
    ['RECEIVER_CERTIFICATE_EXPIRED', '(a new certificate)'],
    ['RECEIVER_TLS_VERSION', 'TLS 1.2'],
  ] as const)('%s: what to change', (code, line) => {
    const facts = { ...fine, openMs: undefined, clockAheadMs: undefined, problem: { code, message: 'x' } };
    expect(receiverFindings(facts, place, NOW)[0]?.lines?.[0]?.text).toContain(line);
  });
  test('its clock', () => expect(levels({ clockAheadMs: 9000 })).toContain('receiver.clock warning'));
});
