/**
 * The audio has threads of its own, or none (`media.workers`): what the receiver gets is the same. One that breaks by a bug ends the
 * program, which says why; it is made to break by a preloaded module, since nothing that comes from outside can.
 */
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { EXIT_FAILED } from '../../../src/core/failure.js';
import { AddOn } from '../add-on.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { ListeningReceiver } from '../listening-receiver.js';
import { expectExact, expectExactPiece, flows, NOISY_EXTENSIONS, noiseCall, RATE } from '../noise-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 90_000;
const PARTIES = ['1100', '1101'] as const;

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn | undefined;

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
}, START_LIMIT_MS);
beforeEach(async () => {
  receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
});
afterEach(async () => {
  await addOn?.stop();
  await receiver.stop();
}, TEST_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

test.each([0, 1, 2])(
  'with %i threads for the audio the receiver gets every sample, and the end is in order',
  async (workers) => {
    addOn = await AddOn.linked(lab, receiver, { media: { workers } });
    const call = await noiseCall(lab, receiver, ...PARTIES);
    await flows(receiver, PARTIES);
    await call.caller.hangUp();
    for (const stream of await receiver.ended(PARTIES)) expectExact(stream);
    await expectUnharmed(call);
    await nothingLeft(lab);
    await addOn.stop();
    expect(addOn.lines.at(-1)?.message).toBe('stopped');
    expect(Number(addOn.lines.at(-1)?.packets)).toBeGreaterThan(0);
  },
  TEST_LIMIT_MS,
);

test.each([1, 2])(
  'a thread of the audio that breaks ends the program with an error, and the next start streams the running call (the last of %i)',
  async (workers) => {
    const signal = join(lab.folder, 'break-the-media-thread');
    const preload = `import { threadId } from 'node:worker_threads'; import { existsSync } from 'node:fs';
      const look = () => { if (existsSync(${JSON.stringify(signal)})) throw new RangeError('planned'); };
      if (threadId === ${workers}) setInterval(look, 20).unref();`;
    const options = `NODE_OPTIONS=--import=data:text/javascript,${encodeURIComponent(preload)}`;
    addOn = await AddOn.start(lab, receiver, { media: { workers } }, ['env', options]);
    await addOn.says('connected to Asterisk');
    const call = await noiseCall(lab, receiver, ...PARTIES);
    await writeFile(signal, '');
    expect(existsSync(signal)).toBe(true);
    expect(await addOn.exited).toBe(EXIT_FAILED);
    await rm(signal);
    const { level, code, error } = await addOn.logs('an error', (line) => line.code === 'UNEXPECTED');
    expect([level, code]).toEqual(['error', 'UNEXPECTED']);
    expect(JSON.stringify(error)).toContain('the media thread broke: planned');
    await until('the receiver sees the end', () => receiver.connections === 0);
    receiver.heard.clear();

    addOn = await AddOn.linked(lab, receiver, { media: { workers } });
    await addOn.says('removed what was left in Asterisk');
    await flows(receiver, PARTIES);
    await call.caller.hangUp();
    for (const stream of await receiver.ended(PARTIES)) expectExactPiece(stream);
    await expectUnharmed(call);
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);
