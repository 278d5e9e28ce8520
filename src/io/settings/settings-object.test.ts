/** Settings that a program has in hand, instead of a file. */
import { expect, test } from '@jest/globals';
import { loadSettings } from './load-settings.js';

const VALUES = { asterisk: { password: 'x' }, streaming: { serverAddress: 'ws://a', sampleRate: 16000 } };

function load(values: object, environment: Record<string, string> = {}) {
  return loadSettings({ file: undefined, values, environment, flags: new Map() });
}

test('an object is taken as a file would be, below the environment', () => {
  const loaded = load(VALUES, { ARI_AUDIO_STREAM_STREAMING_SERVER_ADDRESS: 'wss://b' });
  expect(loaded).toMatchObject({ settings: { streaming: { serverAddress: 'wss://b', sampleRate: 16000 } } });
});

test('what is wrong in it is told without a place', () => {
  const loaded = load({ ...VALUES, streaming: { ...VALUES.streaming, sampleRate: 1 }, strange: 1 });
  const problems = 'problems' in loaded ? loaded.problems : [];
  expect(problems.map(({ key, origin }) => [key, origin])).toEqual([
    ['strange', undefined],
    ['streaming.sampleRate', undefined],
  ]);
});

test('what is missing in it is told', () => {
  const loaded = load({ web: { listen: 'off' } });
  const problems = 'problems' in loaded ? loaded.problems : [];
  expect(problems.map(({ key }) => key)).toEqual(['asterisk.password', 'streaming.serverAddress']);
});
