/** One party takes another's place: transfers of every kind. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { heardBy, OUTSIDE_CALLER, SCENE_LIMIT_MS, START_LIMIT_MS, Stage, says, scene, TALK_MS } from './stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
}, START_LIMIT_MS);
afterAll(async () => stage?.close(), SCENE_LIMIT_MS);

/** Between the prompt for a transfer and the number that is pressed. */
const PROMPT_MS = 1_000;

const ALL_THREE = [{ callflows: [''], streams: [says('1001'), says('1002'), says('1003')] }];

async function call1001to1002() {
  for (const phone of ['1002', '1003']) stage.answers(phone);
  const caller = await stage.calls('1001', '1002');
  const callee = await stage.answeredBy('1002');
  await pause(TALK_MS);
  return { caller, callee };
}

scene('blind transfer by the phone of the called one (REFER)', async () => {
  const { caller, callee } = await call1001to1002();
  await callee.transferTo('1003');
  const target = await stage.answeredBy('1003');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1002', '1003']);
  expect(await heardBy(target)).toEqual(['1001']);
  expect(await stage.result()).toEqual(ALL_THREE);
});

scene('blind transfer by the phone of the caller (REFER)', async () => {
  const { caller, callee } = await call1001to1002();
  await caller.transferTo('1003');
  await stage.answeredBy('1003');
  await pause(TALK_MS);
  await callee.hangUp();
  expect(await heardBy(callee)).toEqual(['1001', '1003']);
  expect(await stage.result()).toEqual(ALL_THREE);
});

scene('blind transfer by the feature of Asterisk (#1)', async () => {
  const { caller, callee } = await call1001to1002();
  await callee.press('#1');
  await pause(PROMPT_MS);
  await callee.press('1003');
  await stage.answeredBy('1003');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1002', 'music', '1003']);
  expect(await stage.result(['1002'])).toEqual(ALL_THREE);
});

scene('attended transfer by the feature of Asterisk (*2), completed after the answer', async () => {
  const { caller, callee } = await call1001to1002();
  await callee.press('*2');
  await pause(PROMPT_MS);
  await callee.press('1003');
  const target = await stage.answeredBy('1003');
  await pause(TALK_MS);
  await callee.hangUp();
  await stage.joins('PJSIP/1001', 'PJSIP/1003');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1002', 'music', '1003']);
  expect(await heardBy(target)).toEqual(['1002', '1001']);
  expect(await stage.result(['1002'])).toEqual(ALL_THREE);
});

scene('attended transfer by the feature of Asterisk (*2), completed while it rings', async () => {
  const { caller, callee } = await call1001to1002();
  stage.answers('1003', 2_000);
  await callee.press('*2');
  await pause(PROMPT_MS);
  await callee.press('1003');
  await stage.reaches('AppDial');
  await pause(500);
  await callee.hangUp();
  const target = await stage.answeredBy('1003');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1002', 'music', '1003']);
  expect(await heardBy(target)).toEqual(['1001']);
  expect(await stage.result(['1002'])).toEqual(ALL_THREE);
});

scene(
  'attended transfer by the phone (REFER with Replaces), completed after the answer: two calls become one',
  async () => {
    const { caller, callee } = await call1001to1002();
    const consultation = await stage.calls('1002', '1003');
    const target = await stage.answeredBy('1003');
    await pause(TALK_MS);
    await callee.transferToEndOf(consultation);
    await stage.joins('PJSIP/1001', 'PJSIP/1003');
    await pause(TALK_MS);
    await caller.hangUp();
    expect(await heardBy(caller)).toEqual(['1002', '1003']);
    expect(await heardBy(target)).toEqual(['1002', '1001']);
    expect(await stage.result()).toEqual([...ALL_THREE, { callflows: [''], streams: [says('1002'), says('1003')] }]);
  },
);

scene('attended transfer by the phone (REFER with Replaces), completed while it rings', async () => {
  const { caller, callee } = await call1001to1002();
  stage.answers('1003', 2_000);
  const consultation = await stage.dials('1002', '1003');
  await stage.reaches('AppDial');
  await pause(500);
  await callee.transferToEndOf(consultation);
  const target = await stage.answeredBy('1003');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1002', '1003']);
  expect(await heardBy(target)).toEqual(['1001']);
  expect(await stage.result()).toEqual(ALL_THREE);
});

scene('attended transfer of a call that came in by a trunk', async () => {
  stage.answers('1001');
  stage.answers('1003');
  const caller = await stage.callsIn('2025550101');
  const callee = await stage.answeredBy('1001');
  await pause(TALK_MS);
  const consultation = await stage.calls('1001', '1003');
  await pause(TALK_MS);
  await callee.transferToEndOf(consultation);
  await stage.joins('PJSIP/trunk-a', 'PJSIP/1003');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1001', '1003']);
  expect(await stage.result()).toEqual([
    { callflows: [''], streams: [says('1001'), says('1003'), says(OUTSIDE_CALLER, 'PJSIP/trunk-a')] },
    { callflows: [''], streams: [says('1001'), says('1003')] },
  ]);
});
