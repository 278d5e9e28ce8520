/** Which calls are streamed when not everybody is subscribed. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import {
  OUTSIDE_CALLER,
  OUTSIDE_NUMBER,
  SCENE_LIMIT_MS,
  START_LIMIT_MS,
  Stage,
  says,
  scene,
  TALK_MS,
} from './stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
}, START_LIMIT_MS);
afterAll(async () => stage?.close(), SCENE_LIMIT_MS);

/** A call that is over after a moment; for those that are not to be streamed. */
async function briefCall(placed: Promise<{ hangUp(): Promise<void> }>): Promise<void> {
  const caller = await placed;
  await pause(TALK_MS / 2);
  await caller.hangUp();
}

scene('a DID: the caller in the menu, and who is reached from there; no other call', async () => {
  await stage.subscribe({ dids: ['+1 (202) 555-0161', '12025550161', '2025550161'] });
  for (const phone of ['1001', '1002']) stage.answers(phone);
  await briefCall(stage.callsIn('2025550101'));
  await briefCall(stage.calls('1001', '1002'));
  const caller = await stage.callsIn('2025550161');
  await stage.reaches('BackGround');
  await pause(TALK_MS);
  await caller.press('1');
  await stage.answeredBy('1001');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await stage.result([OUTSIDE_CALLER])).toEqual([
    { callflows: ['ivr', ''], streams: [says('1001'), says(OUTSIDE_CALLER, 'PJSIP/trunk-a')] },
  ]);
});

scene('a DID by pattern, on its way through FreePBX to a queue', async () => {
  await stage.subscribe({ dids: ['_20266604XX'] });
  stage.answers('1201', 600);
  stage.answers('1202', 'never');
  await briefCall(stage.callsInByB('2026660201'));
  const caller = await stage.callsInByB('2026660401');
  await stage.answeredBy('1201');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await stage.result()).toEqual([
    { callflows: ['queue'], streams: [says('1201'), says(OUTSIDE_CALLER, 'PJSIP/trunk-b')] },
  ]);
});

scene('a trunk: calls out and in through it, not through the other', async () => {
  await stage.subscribe({ trunks: ['trunk-b'] });
  stage.answers('1001');
  stage.answers('1201');
  stage.outsideAnswers();
  await briefCall(stage.callsIn('2025550101'));
  await briefCall(stage.calls('1001', `9${OUTSIDE_NUMBER}`));
  const out = await stage.calls('1201', `9${OUTSIDE_NUMBER}`);
  await pause(TALK_MS);
  await out.hangUp();
  const caller = await stage.callsInByB('2026660201');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await stage.result()).toEqual([
    { callflows: [''], streams: [says('1201'), says(OUTSIDE_NUMBER, 'PJSIP/trunk-b')] },
    { callflows: [''], streams: [says('1201'), says(OUTSIDE_CALLER, 'PJSIP/trunk-b')] },
  ]);
});

scene('an extension: a call that it takes part in only later, by a transfer, is streamed from then on', async () => {
  await stage.subscribe({ extensions: ['1003'] });
  for (const phone of ['1002', '1003']) stage.answers(phone);
  const caller = await stage.calls('1001', '1002');
  const callee = await stage.answeredBy('1002');
  await pause(TALK_MS);
  await callee.transferTo('1003');
  await stage.answeredBy('1003');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await stage.result()).toEqual([{ callflows: [''], streams: [says('1001'), says('1003')] }]);
});

scene('an extension: a call that it has left goes on being streamed', async () => {
  await stage.subscribe({ extensions: ['1002'] });
  for (const phone of ['1002', '1003']) stage.answers(phone);
  const caller = await stage.calls('1001', '1002');
  const callee = await stage.answeredBy('1002');
  await pause(TALK_MS);
  await callee.transferTo('1003');
  await stage.answeredBy('1003');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await stage.result()).toEqual([{ callflows: [''], streams: [says('1001'), says('1002'), says('1003')] }]);
});

scene('an extension that only rang: nothing is streamed', async () => {
  await stage.subscribe({ extensions: ['1002'] });
  stage.answers('1002', 'never');
  stage.answers('1003', 400);
  stage.answers('1004', 'never');
  await briefCall(stage.calls('1001', '607'));
  expect(await stage.result()).toEqual([]);
});
