/**
 * The program's memory is used up: V8 ends it at once, without a word to anybody. It is made to fill its real heap, through Node's
 * inspector, since nothing that comes from outside can. systemd starts it again (Restart=on-failure); here the test does.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { AddOn } from '../add-on.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { ListeningReceiver } from '../listening-receiver.js';
import { expectExactPiece, flows, NOISY_EXTENSIONS, noiseCall, RATE } from '../noise-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 90_000;
const PARTIES = ['1100', '1101'] as const;
const THROUGH = ['prlimit', '--core=0', 'env', 'NODE_OPTIONS=--inspect=127.0.0.1:0 --max-old-space-size=96'];
const FILL_THE_HEAP = 'const kept = []; for (;;) kept.push(new Array(10_000).fill({}));';

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn;

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
  receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
  addOn = await AddOn.start(lab, receiver, {}, THROUGH);
  await addOn.says('connected to Asterisk');
}, START_LIMIT_MS);
afterAll(async () => {
  await addOn?.stop();
  await receiver?.stop();
  await lab?.stop();
}, TEST_LIMIT_MS);

test(
  'out of memory in mid-call: the phones talk on, and the next start clears up and streams the running call',
  async () => {
    const call = await noiseCall(lab, receiver, ...PARTIES);
    await fillItsHeap();
    // No exit code: a signal ended it, which systemd takes for a failure.
    expect(await addOn.exited).toBe(null);
    expect(addOn.text).toContain('JavaScript heap out of memory');
    await until('the receiver sees the end', () => receiver.connections === 0);
    receiver.heard.clear();

    addOn = await AddOn.linked(lab, receiver);
    await addOn.says('removed what was left in Asterisk');
    await flows(receiver, PARTIES);
    await call.caller.hangUp();
    for (const stream of await receiver.ended(PARTIES)) expectExactPiece(stream);
    await expectUnharmed(call);
    await nothingLeft(lab);
    expect(addOn.output).not.toContain(lab.pbx.ari.password);
  },
  TEST_LIMIT_MS,
);

async function fillItsHeap(): Promise<void> {
  const address = await until('it says where its inspector is', () => /ws:\/\/\S+/.exec(addOn.text)?.[0]);
  const inspector = new WebSocket(address);
  // It goes in the middle of the answer.
  inspector.on('error', () => undefined);
  await new Promise((opened) => inspector.once('open', opened));
  inspector.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: FILL_THE_HEAP } }));
}
