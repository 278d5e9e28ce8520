import { expect, test } from '@jest/globals';
import type { AudioMessage, EndOfAudio } from './decoded-message.js';
import { ParticipantStreams } from './participant-streams.js';

const label = (callid: string, channelid: string) => ({ callid, channelid, number: '1009', callflow: '' }) as const;
const audio = (callid: string, channelid: string, samples = 640): AudioMessage => ({
  ...label(callid, channelid),
  status: 'process',
  pcm: new Int16Array(samples),
});
const end = (callid: string, channelid: string): EndOfAudio => ({ ...label(callid, channelid), status: 'end' });

test('a stream begins, goes on and ends; the samples are counted', () => {
  const streams = new ParticipantStreams();
  expect(streams.take(audio('1.1', 'a'))).toMatchObject({ change: 'begins', stream: { samples: 640 } });
  expect(streams.take(audio('1.1', 'a'))).toMatchObject({ change: 'goes-on', stream: { samples: 1280 } });
  expect(streams.take(end('1.1', 'a'))).toMatchObject({ change: 'ends', stream: { samples: 1280 } });
  expect(streams.open()).toEqual([]);
});

test('parties, and calls of the same party, are kept apart', () => {
  const streams = new ParticipantStreams();
  for (const [callid, channelid] of [
    ['1.1', 'a'],
    ['1.1', 'b'],
    ['1.2', 'a'],
  ] as const) {
    expect(streams.take(audio(callid, channelid)).change).toBe('begins');
  }
  streams.take(end('1.1', 'a'));
  expect(streams.open().map(({ callid, channelid }) => `${callid} ${channelid}`)).toEqual(['1.1 b', '1.2 a']);
  expect(streams.forget('1.1')).toHaveLength(1);
  expect(streams.open()).toHaveLength(1);
});

test('an end that comes twice, after a reconnection, is of no known stream', () => {
  const streams = new ParticipantStreams();
  streams.take(audio('1.1', 'a'));
  streams.take(end('1.1', 'a'));
  expect(streams.take(end('1.1', 'a')).change).toBe('unknown');
});
