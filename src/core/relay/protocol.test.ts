import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CALLFLOWS } from '../callflow.js';
import { decode, encodeEnd, encodeProcess, FRAGMENT_SAMPLES, type Label, SAMPLE_RATES } from './protocol.js';

const LABEL: Label = { callid: '1755940023.7', callflow: 'queue', number: '1009', channelid: 'PJSIP/1009-00000007' };

test('a fragment is six keys in this order, byte for byte', () => {
  expect(encodeProcess(LABEL, 'AAD/fw==')).toBe(
    '{"callid":"1755940023.7","callflow":"queue","audio":"AAD/fw==","number":"1009","status":"process","channelid":"PJSIP/1009-00000007"}',
  );
});

test('an end has empty audio', () => {
  expect(encodeEnd(LABEL)).toBe(
    '{"callid":"1755940023.7","callflow":"queue","audio":"","number":"1009","status":"end","channelid":"PJSIP/1009-00000007"}',
  );
});

test('what a caller can put into a number stays inside its string', () => {
  const hostile = { ...LABEL, number: '"},{\u0000\\ \u2028é' };
  expect(decode(encodeProcess(hostile, 'AAA='))).toEqual({ ...hostile, status: 'process', audio: 'AAA=' });
});

test('whoever speaks, a frame is what JSON.stringify makes of the message, the second one of a label too', () => {
  const text = fc.string({ unit: 'binary' });
  const labels = fc.record({ callid: text, callflow: fc.constantFrom(...CALLFLOWS), number: text, channelid: text });
  fc.assert(
    fc.property(labels, fc.base64String(), fc.base64String(), (label, first, second) => {
      for (const audio of [first, second]) {
        const { callid, callflow, number, channelid } = label;
        const whole = { callid, callflow, audio, number, status: 'process', channelid };
        expect(encodeProcess(label, audio)).toBe(JSON.stringify(whole));
      }
    }),
  );
});

test('fragments last 80 ms at 8000 Hz and 40 ms at the other rates', () => {
  expect(SAMPLE_RATES.map((rate) => (FRAGMENT_SAMPLES[rate] * 1000) / rate)).toEqual([80, 40, 40, 40]);
});

test.each([
  ['{', 'not-json'],
  ['[1]', 'not-an-object'],
  ['null', 'not-an-object'],
  ['{}', 'wrong-keys'],
  [encodeEnd(LABEL).replace('"status"', '"state"'), 'wrong-keys'],
  [encodeEnd(LABEL).replace('}', ',"more":1}'), 'wrong-keys'],
  [encodeEnd(LABEL).replace('"1009"', '1009'), 'wrong-type'],
  [encodeEnd(LABEL).replace('"queue"', '"dance"'), 'wrong-type'],
  [encodeEnd(LABEL).replace('"end"', '"begin"'), 'unknown-status'],
  [encodeEnd(LABEL).replace('""', '"AAA="'), 'audio-in-end'],
])('decode(%s) says %s', (text, word) => {
  expect(decode(text)).toBe(word);
});

test('these words for the callflow, and no other, are on the wire', () => {
  expect([...CALLFLOWS].sort()).toEqual(['', 'cfd', 'conference', 'ivr', 'multicast_paging', 'queue', 'ringgroup']);
});
