/** More than two in one call, and calls that wait: conferences, hold, parking. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { heardBy, OUTSIDE_CALLER, SCENE_LIMIT_MS, START_LIMIT_MS, Stage, says, scene, TALK_MS } from './stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
}, START_LIMIT_MS);
afterAll(async () => stage?.close(), SCENE_LIMIT_MS);

scene('three-way by the feature of Asterisk (*2, then *3)', async () => {
  for (const phone of ['1002', '1003']) stage.answers(phone);
  const caller = await stage.calls('1001', '1002');
  const middle = await stage.answeredBy('1002');
  await pause(TALK_MS);
  await middle.press('*2');
  await pause(TALK_MS);
  await middle.press('1003');
  const third = await stage.answeredBy('1003');
  await pause(TALK_MS);
  await middle.press('*3');
  await pause(2 * TALK_MS);
  await caller.hangUp();
  await pause(TALK_MS);
  await middle.hangUp();
  expect((await heardBy(caller)).sort()).toEqual(['1002', '1003', 'music']);
  expect((await heardBy(third)).sort()).toEqual(['1001', '1002']);
  expect(await stage.result(['1002'])).toEqual([
    { callflows: [''], streams: [says('1001'), says('1002'), says('1003')] },
  ]);
});

scene('a conference of five with joins and leaves', async () => {
  const members = [];
  for (const phone of ['1001', '1002', '1003', '1004', '1005']) {
    members.push(await stage.calls(phone, '603'));
    await pause(400);
  }
  await pause(TALK_MS);
  const [first, second] = members;
  await first?.hangUp();
  await pause(500);
  const again = await stage.calls('1001', '603');
  await pause(TALK_MS);
  await Promise.all([...members, again].map((member) => member.hangUp()));
  expect(second && (await heardBy(second)).sort()).toEqual(['1001', '1003', '1004', '1005']);
  const [conference, ...others] = await stage.result();
  expect(conference).toEqual({
    callflows: ['conference'],
    streams: ['1001', '1001', '1002', '1003', '1004', '1005'].map((number) => says(number)),
  });
  expect(others).toEqual([]);
});

scene('FreePBX: a DID to a conference that an extension has dialled', async () => {
  const inside = await stage.calls('1201', '801');
  const outside = await stage.callsInByB('2026660801');
  await pause(2 * TALK_MS);
  await Promise.all([inside.hangUp(), outside.hangUp()]);
  expect(await heardBy(outside)).toEqual(['1201']);
  expect(await stage.result()).toEqual([
    { callflows: ['conference'], streams: [says('1201'), says(OUTSIDE_CALLER, 'PJSIP/trunk-b')] },
  ]);
});

scene('hold and unhold: the held one hears music, and its stream has its own voice only', async () => {
  stage.answers('1002');
  const caller = await stage.calls('1001', '1002');
  const callee = await stage.answeredBy('1002');
  await pause(TALK_MS);
  await callee.hold();
  await pause(TALK_MS);
  await callee.unhold();
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1002', 'music']);
  expect(await stage.result(['1002'])).toEqual([{ callflows: [''], streams: [says('1001'), says('1002')] }]);
});

scene('a call is parked and fetched by a third phone', async () => {
  stage.answers('1002');
  const caller = await stage.calls('1001', '1002');
  const callee = await stage.answeredBy('1002');
  await pause(TALK_MS);
  await callee.transferTo('700');
  await pause(2 * TALK_MS);
  const fetcher = await stage.calls('1003', '701');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1002', 'music', '1003']);
  expect(await heardBy(fetcher)).toEqual(['1001']);
  expect(await stage.result()).toEqual([{ callflows: [''], streams: [says('1001'), says('1002'), says('1003')] }]);
});
