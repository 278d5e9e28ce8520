import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { wavHeader } from '../src/core/audio/wav.js';
import { partyResults } from './lab-results.js';
import { noise } from './sounds.js';

const RATE = 8000;
const SECONDS = 3;
const MS = RATE / 1000;
/** It is longer than the call, and begins some samples after its beginning. */
const said = noise(7, (SECONDS + 2) * RATE).map((sample, index) => (index < 5 ? 0 : sample >> 2));

let out = '';
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'lab-results-'));
});
afterEach(() => rmSync(out, { recursive: true }));

/** What is said of a recording with these samples. */
function faultOf(samples: Int16Array, complete = true): string | undefined {
  const participants = [{ number: '1001', seconds: SECONDS, wav: 'one.wav', complete }];
  writeFileSync(join(out, 'calls.json'), JSON.stringify([{ callid: 'a', begun: new Date(1), participants }]));
  const pcm = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  writeFileSync(join(out, 'one.wav'), Buffer.concat([wavHeader(RATE, pcm.length), pcm]));
  const voices = new Map([['1001', { number: '1001', file: '', samples: said }]]);
  const [party] = partyResults({
    out,
    begun: new Date(0),
    voices,
    sampleRate: RATE,
    voiceRate: RATE,
    callSeconds: SECONDS,
  });
  return party?.fault;
}

test.each([0, 20, 45, 200, 290])('what was on its way at the hang-up, %d ms, may be missing', (ms) => {
  expect(faultOf(said.subarray(0, (SECONDS * 1000 - ms) * MS))).toBeUndefined();
});

test('the last moment may be silence', () => {
  const silenced = said.slice(0, SECONDS * RATE);
  silenced.fill(0, (SECONDS * 1000 - 150) * MS);
  expect(faultOf(silenced)).toBeUndefined();
});

test('more than that may not', () => {
  expect(faultOf(said.subarray(0, (SECONDS * 1000 - 420) * MS))).toMatch(/^it ends after 2[45]\d\d ms$/);
  const silenced = said.slice(0, SECONDS * RATE);
  silenced.fill(0, (SECONDS * 1000 - 500) * MS);
  expect(faultOf(silenced)).toMatch(/^\d00 of \d+ ms are not as they were said$/);
});

test('another voice, and a stream without its end', () => {
  expect(faultOf(noise(8, SECONDS * RATE))).toBe('what it said is not in the recording');
  expect(faultOf(said.subarray(0, SECONDS * RATE), false)).toBe('its end never came');
});
