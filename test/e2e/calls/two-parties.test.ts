/** Calls of two parties, by all the ways on which they come about, and calls that do not come about. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import {
  heardBy,
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

scene('internal call', async () => {
  stage.answers('1002');
  const caller = await stage.calls('1001', '1002');
  const callee = await stage.answeredBy('1002');
  await pause(TALK_MS);
  await caller.hangUp();
  expect([await heardBy(caller), await heardBy(callee)]).toEqual([['1002'], ['1001']]);
  expect(await stage.result()).toEqual([{ callflows: [''], streams: [says('1001'), says('1002')] }]);
});

scene('inbound by DID', async () => {
  stage.answers('1001');
  const caller = await stage.callsIn('2025550101');
  const callee = await stage.answeredBy('1001');
  await pause(TALK_MS);
  await callee.hangUp();
  expect(await heardBy(caller)).toEqual(['1001']);
  expect(await stage.result()).toEqual([
    { callflows: [''], streams: [says('1001'), says(OUTSIDE_CALLER, 'PJSIP/trunk-a')] },
  ]);
});

scene('outbound by trunk', async () => {
  stage.outsideAnswers();
  const caller = await stage.calls('1002', `9${OUTSIDE_NUMBER}`);
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual([OUTSIDE_NUMBER]);
  expect(await stage.result()).toEqual([
    { callflows: [''], streams: [says('1002'), says(OUTSIDE_NUMBER, 'PJSIP/trunk-a')] },
  ]);
});

scene('outbound by trunk through the macros of FreePBX', async () => {
  stage.outsideAnswers();
  const caller = await stage.calls('1201', `9${OUTSIDE_NUMBER}`);
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await stage.result()).toEqual([
    { callflows: [''], streams: [says('1201'), says(OUTSIDE_NUMBER, 'PJSIP/trunk-b')] },
  ]);
});

scene('trunk to trunk', async () => {
  stage.outsideAnswers('4930700700');
  const caller = await stage.callsIn('2025550170');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual([OUTSIDE_NUMBER]);
  expect(await stage.result()).toEqual([
    {
      callflows: [''],
      streams: [says(OUTSIDE_CALLER, 'PJSIP/trunk-a'), says('4930700700', 'PJSIP/trunk-b', [OUTSIDE_NUMBER])],
    },
  ]);
});

scene('busy, no answer, and given up while it rings: nothing is streamed', async () => {
  stage.answers('1002', 'busy');
  await expect(stage.calls('1001', '1002')).rejects.toThrow(/17/);
  stage.answers('1002', 'never');
  const caller = await stage.dials('1001', '1002');
  await stage.reaches('AppDial');
  await caller.hangUp();
  const unanswered = await stage.dials('1001', '617');
  await stage.reaches('AppDial');
  await unanswered.ended;
  expect(await stage.result()).toEqual([]);
});

scene('no answer, then the mailbox', async () => {
  stage.answers('1002', 'never');
  const caller = await stage.calls('1001', '612');
  await stage.reaches('VoiceMail');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await stage.result()).toEqual([{ callflows: [''], streams: [says('1001')] }]);
});

scene('voicemail: a message is left', async () => {
  const caller = await stage.calls('1002', '610');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await stage.result()).toEqual([{ callflows: [''], streams: [says('1002')] }]);
});

scene('Echo: one party', async () => {
  const caller = await stage.calls('1001', '600');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1001']);
  expect(await stage.result()).toEqual([{ callflows: [''], streams: [says('1001')] }]);
});

scene('the phone forwards the call (302)', async () => {
  stage.answers('1002', { forwardsTo: '1003' });
  stage.answers('1003');
  const caller = await stage.calls('1001', '1002');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1003']);
  expect(await stage.result()).toEqual([{ callflows: [''], streams: [says('1001'), says('1003')] }]);
});

scene('the dialplan forwards the call', async () => {
  stage.answers('1004');
  const caller = await stage.calls('1001', '611');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1004']);
  expect(await stage.result()).toEqual([{ callflows: [''], streams: [says('1001'), says('1004')] }]);
});

scene('an extension that is registered on two phones: the one that answers', async () => {
  stage.answers('1210a', 'never');
  stage.answers('1210b', 400);
  const caller = await stage.calls('1001', '6151210');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1210b']);
  expect(await stage.result()).toEqual([
    { callflows: [''], streams: [says('1001'), says('1210', 'PJSIP/1210', ['1210b'])] },
  ]);
});

scene('an extension in two calls at once: two calls, two connections', async () => {
  stage.answers('1002');
  stage.answers('1003');
  const first = await stage.calls('1001', '1002');
  const second = await stage.calls('1001', '1003');
  await pause(TALK_MS);
  await Promise.all([first.hangUp(), second.hangUp()]);
  expect([await heardBy(first), await heardBy(second)]).toEqual([['1002'], ['1003']]);
  expect(await stage.result()).toEqual([
    { callflows: [''], streams: [says('1001'), says('1002')] },
    { callflows: [''], streams: [says('1001'), says('1003')] },
  ]);
});
