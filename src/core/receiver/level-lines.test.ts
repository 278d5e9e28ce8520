import { expect, test } from '@jest/globals';
import { type Level, levelOf } from '../audio/level.js';
import { clockTime, finalLine, liveLines, plainLine } from './level-lines.js';
import { printable } from './printable.js';
import type { Participant } from './received-calls.js';

const LOUD: Level = {
  ...levelOf(new Int16Array(640).fill(16_384)),
  samples: 80_000,
  sumOfSquares: 80_000 * 16_384 ** 2,
};

const ANNA: Participant = {
  callid: '17.1',
  channelid: 'PJSIP/1009-00000007',
  wav: '17.1/PJSIP_1009-00000007.wav',
  begun: 0,
  number: '1009',
  callflows: ['', 'ivr', 'queue'],
  ended: undefined,
  complete: false,
  fragments: 125,
  level: LOUD,
  connection: 1,
};
const HOSTILE: Participant = {
  ...ANNA,
  number: '\x1b[2J\u202e\n12',
  channelid: `\x07${'x'.repeat(9000)}`,
  callflows: [],
};
const READING = { dbfs: -20, heldDbfs: -5.5 };

const views = (...participants: Participant[]) =>
  participants.map((participant) => ({ participant, reading: READING }));
const withoutColour = (text: string): string => text.replaceAll(new RegExp(`${'\x1b'}\\[\\d+m`, 'g'), '');

test('a live line has number, channel, callflow, time, meter and level', () => {
  const text = '1009  PJSIP/1009-00000007  ivr>queue  0:10.0  ━━━━━━━━━━━━━━━━━━━━━╸───────┃──  -20.0 dBFS';
  expect(liveLines(views(ANNA), 8000, 91, false)).toEqual([{ text, width: 90 }]);
});

test.each([30, 46, 60, 80, 100, 200])('lines fit a terminal of %i columns, and say their true width', (columns) => {
  for (const inColour of [false, true]) {
    for (const { text, width } of liveLines(views(ANNA, HOSTILE), 8000, columns, inColour)) {
      expect(withoutColour(text)).toHaveLength(width);
      expect(width).toBeLessThan(columns);
    }
  }
});

test('a terminal too narrow for anything still gets levels, and their true width', () => {
  for (const columns of [0, 1, 5, 12]) {
    for (const { text, width } of liveLines(views(ANNA), 8000, columns, false)) expect(text).toHaveLength(width);
  }
});

test('the meter is green, yellow and red by zone', () => {
  const [line] = liveLines([{ participant: ANNA, reading: { dbfs: -1, heldDbfs: -1 } }], 8000, 100, true);
  const runs = line?.text.replaceAll('\x1b', '^').replaceAll(/([━─])\1+/g, '$1');
  expect(runs).toContain('^[32m━^[0m^[33m━^[0m^[31m━┃');
});

test('nothing from outside reaches the terminal but printable ASCII', () => {
  const texts = [
    ...liveLines(views(HOSTILE), 8000, 100, false).map(({ text }) => text),
    finalLine(HOSTILE, 8000, false),
    plainLine('begin', HOSTILE, 8000),
    plainLine('end', { ...HOSTILE, callid: '\x9b5m\u200b' }, 8000),
  ];
  for (const text of texts) {
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text.length).toBeLessThan(300);
  }
  expect(printable('a\x1b[2Jb\u{1f600}')).toBe('a·[2Jb·');
});

test('the final line says whether the stream was whole', () => {
  expect(finalLine({ ...ANNA, complete: true }, 8000, false)).toBe(
    '✓ 1009          PJSIP/1009-00000007       ivr>queue  0:10.0  rms  -6.0 dBFS  peak  -6.0 dBFS  17.1/PJSIP_1009-00000007.wav',
  );
  expect(finalLine(ANNA, 8000, false)).toMatch(/^✗ .*cut off: no end message$/);
});

test('plain lines tell begin, level and end', () => {
  expect(plainLine('begin', ANNA, 8000)).toBe('begin  1009  PJSIP/1009-00000007  call 17.1  ivr>queue');
  expect(plainLine('level', ANNA, 8000)).toBe(
    'level  1009  PJSIP/1009-00000007  call 17.1  10.0 s  rms  -6.0 dBFS  peak  -6.0 dBFS',
  );
  expect(plainLine('end', { ...ANNA, complete: true }, 8000)).toBe(
    'end    1009  PJSIP/1009-00000007  call 17.1  10.0 s  125 fragments  rms  -6.0 dBFS  peak  -6.0 dBFS  complete  17.1/PJSIP_1009-00000007.wav',
  );
});

test('durations read as a clock', () => {
  expect([0, 7.44, 59.96, 60, 727.4, 4327.4].map(clockTime)).toEqual([
    '0:00.0',
    '0:07.4',
    '0:59.9',
    '1:00.0',
    '12:07.4',
    '1:12:07.4',
  ]);
});
