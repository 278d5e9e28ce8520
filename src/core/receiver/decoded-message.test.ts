import { describe, expect, test } from '@jest/globals';
import { encodeEnd, encodeProcess } from '../relay/protocol.js';
import { decodeMessage, ProtocolError, type ProtocolFault } from './decoded-message.js';

const LABEL = { callid: '1755940023.7', callflow: 'queue', number: '1009', channelid: 'PJSIP/1009-00000007' } as const;

function frameOf(samples: number, first = 0): string {
  const pcm = Int16Array.from({ length: samples }, (_, index) => first + index);
  return encodeProcess(LABEL, Buffer.from(pcm.buffer).toString('base64'));
}

function refusal(frame: string, rate?: 8000 | 16000 | 24000): { fault: ProtocolFault; message: string } {
  try {
    decodeMessage(frame, rate);
  } catch (error) {
    if (error instanceof ProtocolError) return { fault: error.fault, message: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
}

test('a fragment comes out with its label and its samples', () => {
  const message = decodeMessage(frameOf(640, -3), 16000);
  expect(message).toMatchObject({ ...LABEL, status: 'process' });
  expect(message.status === 'process' && [...message.pcm.subarray(0, 5)]).toEqual([-3, -2, -1, 0, 1]);
});

test('an end has no samples', () => {
  expect(decodeMessage(encodeEnd(LABEL), 8000)).toEqual({ ...LABEL, status: 'end' });
});

test('without a rate any length is taken, but no half sample', () => {
  expect(decodeMessage(frameOf(3))).toMatchObject({ pcm: Int16Array.of(0, 1, 2) });
  expect(refusal(encodeProcess(LABEL, 'AAAA')).fault).toBe('wrong-length');
});

describe('refuses', () => {
  test.each([
    ['{', 'not-json'],
    ['[]', 'not-an-object'],
    ['{"status":"end"}', 'wrong-keys'],
    [encodeEnd(LABEL).replace('"1009"', '1009'), 'wrong-type'],
    [encodeEnd(LABEL).replace('"end"', '"over"'), 'unknown-status'],
    [frameOf(1).replace('process', 'end'), 'audio-in-end'],
    [encodeProcess(LABEL, 'AAA'), 'not-base64'],
  ])('%s', (frame, fault) => {
    expect(refusal(frame).fault).toBe(fault);
  });

  test('a fragment of another rate, and says which it may be', () => {
    expect(refusal(frameOf(960), 16000)).toEqual({
      fault: 'wrong-length',
      message:
        'The audio is not of the length that fragments have at this sample rate. It has 1920 octets; at 16000 Hz there are 1280. Is the sample rate 24000 Hz?',
    });
    expect(refusal(frameOf(640), 24000).message).toContain('Is the sample rate 8000 or 16000 Hz?');
  });
});
