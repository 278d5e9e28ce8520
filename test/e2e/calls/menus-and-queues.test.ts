/** Callers whom the PBX itself speaks with first: menus and queues, as plain Asterisk and as FreePBX do them. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { heardBy, OUTSIDE_CALLER, SCENE_LIMIT_MS, START_LIMIT_MS, Stage, says, scene, TALK_MS } from './stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
}, START_LIMIT_MS);
afterAll(async () => stage?.close(), SCENE_LIMIT_MS);

scene('a menu while its prompt plays (Background), then an extension', async () => {
  stage.answers('1001');
  const caller = await stage.callsIn('2025550161');
  await stage.reaches('BackGround');
  await pause(TALK_MS);
  await caller.press('1');
  await stage.answeredBy('1001');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1001']);
  expect(await stage.result([OUTSIDE_CALLER])).toEqual([
    { callflows: ['ivr', ''], streams: [says('1001'), says(OUTSIDE_CALLER, 'PJSIP/trunk-a')] },
  ]);
});

scene('a menu after its prompt (WaitExten), then the queue', async () => {
  stage.answers('1003', 800);
  stage.answers('1004', 'never');
  const caller = await stage.calls('1001', '601');
  await stage.reaches('WaitExten');
  await caller.press('2');
  await stage.answeredBy('1003');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['music', '1003']);
  expect(await stage.result(['1001'])).toEqual([
    { callflows: ['ivr', 'queue'], streams: [says('1001'), says('1003')] },
  ]);
});

scene('a menu that takes an extension number (Read)', async () => {
  stage.answers('1003');
  const caller = await stage.calls('1001', '605');
  await stage.reaches('Read');
  await pause(TALK_MS);
  await caller.press('1003');
  await stage.answeredBy('1003');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1003']);
  expect(await stage.result(['1001'])).toEqual([{ callflows: ['ivr', ''], streams: [says('1001'), says('1003')] }]);
});

scene('a queue with music, then an agent, then a second one', async () => {
  stage.answers('1003', 1_000);
  stage.answers('1004', 800);
  const caller = await stage.calls('1001', '616');
  const agent = await stage.answeredBy('1003');
  await pause(TALK_MS);
  stage.answers('1003', 'busy');
  await agent.transferTo('616');
  const second = await stage.answeredBy('1004');
  await pause(TALK_MS);
  await second.hangUp();
  expect(await heardBy(caller)).toEqual(['music', '1003', '1004']);
  expect([await heardBy(agent), await heardBy(second)]).toEqual([['1001'], ['1001']]);
  expect(await stage.result()).toEqual([{ callflows: ['queue'], streams: [says('1001'), says('1003'), says('1004')] }]);
});

scene.each([
  ['Local channels that are optimised away', '613'],
  ['Local channels that stay', '614'],
])('a queue whose agents are called through %s', async (_name, queue) => {
  stage.answers('1003', 600);
  stage.answers('1004', 'never');
  const caller = await stage.calls('1001', queue);
  await stage.answeredBy('1003');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['music', '1003']);
  expect(await stage.result()).toEqual([{ callflows: ['queue'], streams: [says('1001'), says('1003')] }]);
});

scene('FreePBX: a DID to a menu, then an extension', async () => {
  stage.answers('1201');
  const caller = await stage.callsInByB('2026660501');
  await stage.reaches('BackGround');
  await pause(TALK_MS);
  await caller.press('1');
  await stage.answeredBy('1201');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1201']);
  expect(await stage.result([OUTSIDE_CALLER])).toEqual([
    { callflows: ['ivr', ''], streams: [says('1201'), says(OUTSIDE_CALLER, 'PJSIP/trunk-b')] },
  ]);
});

scene.each([
  ['Local channels that stay (from-queue/n)', '2026660401'],
  ['Local channels that are optimised away', '2026660402'],
])('FreePBX: a DID to a queue, its agents called through %s', async (_name, did) => {
  stage.answers('1201', 800);
  stage.answers('1202', 'never');
  const caller = await stage.callsInByB(did);
  await stage.answeredBy('1201');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['music', '1201']);
  expect(await stage.result()).toEqual([
    { callflows: ['queue'], streams: [says('1201'), says(OUTSIDE_CALLER, 'PJSIP/trunk-b')] },
  ]);
});

scene('FreePBX: a call flow control on the way to an extension', async () => {
  stage.answers('1201');
  const caller = await stage.callsInByB('2026660901');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await stage.result()).toEqual([
    { callflows: [''], streams: [says('1201'), says(OUTSIDE_CALLER, 'PJSIP/trunk-b')] },
  ]);
});
