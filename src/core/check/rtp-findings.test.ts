import { expect, test } from '@jest/globals';
import { rtpFindings, type TapFacts, whyNoRtp } from './rtp-findings.js';

const FACTS: TapFacts = {
  advertised: '192.0.2.1:40000',
  listening: '192.0.2.1:40000',
  source: '192.0.2.9:12000',
  strangers: [],
  format: 'auto',
  ownAddress: '192.0.2.1',
  packets: 75,
  countedMs: 1500,
  firstAfterMs: 20,
  lost: 0,
  isUsable: true,
  payloadType: 118,
  isOtherPort: false,
};
const found = (changes: Partial<TapFacts>, isExplained = false) =>
  rtpFindings({ ...FACTS, ...changes }, isExplained).map(({ id, level }) => `${id} ${level}`);
const firstLine = (changes: Partial<TapFacts>) => whyNoRtp({ ...FACTS, ...changes }).lines[0]?.text;

test('packets came, all of them, and can be decoded', () => {
  expect(found({})).toEqual(['audio.path ok', 'audio.source ok']);
});

test('some are lacking', () => {
  expect(found({ lost: 3 })).toContain('audio.loss warning');
  expect(found({ packets: 59 })).toContain('audio.loss warning');
  expect(found({ packets: 60 })).not.toContain('audio.loss warning');
});

test('they cannot be decoded', () => {
  expect(found({ isUsable: false, payloadType: 3 })).toContain('audio.format error');
});

test('none came: an error; only a warning where not even the right port could be tried', () => {
  expect(found({ packets: 0 })).toEqual(['audio.path error']);
  expect(found({ packets: 0, isOtherPort: true })).toEqual(['audio.path warning']);
});

test('none came for lack of a module: no firewall is blamed', () => {
  const [finding] = rtpFindings({ ...FACTS, packets: 0 }, true);
  expect(finding).toMatchObject({ level: 'error', why: expect.stringContaining('module above') });
  expect(finding?.lines).toBeUndefined();
});

test.each([
  ['a firewall', {}, 'iptables -I INPUT -p udp -s 192.0.2.9 --dport 40000 -j ACCEPT'],
  [
    'NAT',
    { strangers: ['198.51.100.1:12000'] },
    expect.stringContaining('iptables -t nat -I POSTROUTING -p udp -d 192.0.2.1 '),
  ],
  [
    'loopback advertised to a distant Asterisk',
    { advertised: '127.0.0.1:40000' },
    '"media": {"advertise": "192.0.2.1:40000"}',
  ],
  [
    'loopback listened at',
    { listening: '127.0.0.1:40000', ownAddress: undefined },
    '"media": {"listen": "0.0.0.0:40000"}',
  ],
  ['another port', { advertised: '192.0.2.1:40001' }, '"media": {"advertise": "192.0.2.1:40000"}'],
  ['another host', { advertised: '192.0.2.77:40000' }, '"media": {"advertise": "192.0.2.1:40000"}'],
  [
    'IPv6',
    { advertised: '[2001:db8::7]:1', listening: '[2001:db8::1]:2', ownAddress: '2001:db8::1' },
    '"media": {"advertise": "[2001:db8::1]:2"}',
  ],
])('the first line to change: %s', (_why, changes, line) => {
  expect(firstLine(changes)).toEqual(line);
});

test('a codec may be what is missing, where one is needed', () => {
  expect(whyNoRtp({ ...FACTS, format: 'opus' }).why).toContain('no codec for opus');
  expect(whyNoRtp(FACTS).why).not.toContain('codec');
});
