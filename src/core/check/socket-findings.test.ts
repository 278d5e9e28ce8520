/** What is wrong with one of the later ports is told in its words: the first one is well. */
import { expect, test } from '@jest/globals';
import { settingsWith } from '../../../test/settings-with.js';
import { type Finding, well } from './finding.js';
import { laterPortFinding, portTakenFinding } from './socket-findings.js';

const { media } = settingsWith({ 'media.workers': 3 });
const PORT = { host: '127.0.0.1', port: 40_001 };

function later(finding: Finding, isFirstTaken = false): Finding {
  return laterPortFinding(finding, PORT, media, isFirstTaken);
}

test('what is well is left as it is', () => {
  const finding = well('audio.path', '75 packets came.');
  expect(later(finding)).toBe(finding);
});

test('audio that does not arrive there is a matter of the range', () => {
  const { level, what, why, lines } = later({ id: 'audio.path', level: 'error', what: 'Nothing came.', why: 'x' });
  expect([level, what]).toEqual(['error', 'Nothing came.']);
  expect(why).toMatch(/^The first port is well\. With media\.workers 3 there are 3 of them/);
  expect(lines?.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^iptables -I INPUT -p udp --dport 40000:40002 -j ACCEPT/),
    '"media": {"workers": 1}',
  ]);
});

test('a port that another program has is the running add-on only where the first one is taken, too', () => {
  const taken = portTakenFinding(PORT, 50_000);
  expect(later(taken, true)).toBe(taken);
  expect(later(taken)).toMatchObject({
    level: 'error',
    what: 'Another program has the UDP port 127.0.0.1:40001.',
    why: expect.stringContaining('the add-on would not start'),
  });
});
