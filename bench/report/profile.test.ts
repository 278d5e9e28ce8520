import { expect, test } from '@jest/globals';
import { selfTimes } from './profile.js';

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber });

test('time is counted for the function that was running, idle time for none, and folders are not told', () => {
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('(idle)') },
      { id: 2, callFrame: frame('decodeL16', 'file:///home/somebody/dist/src/core/audio/l16.js', 4) },
      { id: 3, callFrame: frame('decodeL16', 'file:///home/somebody/dist/src/core/audio/l16.js', 4) },
      { id: 4, callFrame: frame('send', 'node:dgram', 9) },
    ],
    samples: [1, 2, 3, 4, 1],
    timeDeltas: [0, 100, 30, 30, 20],
  };
  expect(selfTimes(profile)).toEqual([
    { name: 'decodeL16 l16.js:5', share: 0.75 },
    { name: 'send node:dgram:10', share: 0.25 },
  ]);
});

test('an empty profile has no functions', () => {
  expect(selfTimes({ nodes: [], samples: [], timeDeltas: [] })).toEqual([]);
});
