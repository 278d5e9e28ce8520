/** Several phones at once: ring groups, pickup, paging. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { heardBy, OUTSIDE_CALLER, SCENE_LIMIT_MS, START_LIMIT_MS, Stage, says, scene, TALK_MS } from './stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
}, START_LIMIT_MS);
afterAll(async () => stage?.close(), SCENE_LIMIT_MS);

scene.each([
  ['dialled directly', '607'],
  ['through Local channels that are optimised away', '608'],
  ['through Local channels that stay', '609'],
])('a ring group of three phones, %s: one answers', async (_name, group) => {
  for (const phone of ['1002', '1004']) stage.answers(phone, 'never');
  stage.answers('1003', 500);
  const caller = await stage.calls('1001', group);
  const callee = await stage.answeredBy('1003');
  await pause(TALK_MS);
  await caller.hangUp();
  expect([await heardBy(caller), await heardBy(callee)]).toEqual([['1003'], ['1001']]);
  expect(await stage.result()).toEqual([{ callflows: ['ringgroup'], streams: [says('1001'), says('1003')] }]);
});

scene.each([
  ['dialled directly', '301'],
  ['through Local channels that are optimised away', '302'],
  ['through Local channels that stay', '303'],
])('FreePBX: a DID to a ring group, %s', async (_name, group) => {
  for (const phone of ['1201', '1203']) stage.answers(phone, 'never');
  stage.answers('1202', 500);
  const caller = await stage.callsInByB(`2026660${group}`);
  const callee = await stage.answeredBy('1202');
  await pause(TALK_MS);
  await callee.hangUp();
  expect(await heardBy(caller)).toEqual(['1202']);
  expect(await stage.result()).toEqual([
    { callflows: ['ringgroup'], streams: [says('1202'), says(OUTSIDE_CALLER, 'PJSIP/trunk-b')] },
  ]);
});

scene('FreePBX: a DID to an extension', async () => {
  stage.answers('1201');
  const caller = await stage.callsInByB('2026660201');
  await pause(TALK_MS);
  await caller.hangUp();
  expect(await heardBy(caller)).toEqual(['1201']);
  expect(await stage.result()).toEqual([
    { callflows: [''], streams: [says('1201'), says(OUTSIDE_CALLER, 'PJSIP/trunk-b')] },
  ]);
});

scene.each([
  ['the group (*8)', '1001', '1002', '1003', '*8'],
  ['a phone (*8 and its number)', '1001', '1002', '1003', '*81002'],
  ['a phone of FreePBX (** and its number)', '1201', '1202', '1203', '**1202'],
])('pickup of %s', async (_name, from, to, third, code) => {
  stage.answers(to, 'never');
  const caller = await stage.dials(from, to);
  await stage.reaches('Dial');
  await pause(500);
  const picker = await stage.calls(third, code);
  await pause(TALK_MS);
  await caller.hangUp();
  expect([await heardBy(caller), await heardBy(picker)]).toEqual([[third], [from]]);
  expect(await stage.result()).toEqual([{ callflows: [''], streams: [says(from), says(third)] }]);
});

scene('pickup by one whose call was up before, and was a call of its own until then', async () => {
  stage.answers('1002', 'never');
  const caller = await stage.dials('1001', '1002');
  await stage.reaches('Dial');
  const picker = await stage.calls('1003', '620');
  await pause(2 * TALK_MS);
  await caller.hangUp();
  expect([await heardBy(caller), await heardBy(picker)]).toEqual([['1003'], ['1001']]);
  expect(await stage.result()).toEqual([
    { callflows: [''], streams: [says('1003')] },
    { callflows: [''], streams: [says('1001'), says('1003')] },
  ]);
});

scene.each([
  ['one way: Asterisk keeps the paged ones muted', '606'],
  ['both ways', '618'],
])('three phones are paged, %s', async (_name, code) => {
  const phones = ['1002', '1003', '1004'];
  for (const phone of phones) stage.answers(phone, 100);
  const pager = await stage.calls('1001', code);
  const paged = await Promise.all(phones.map((phone) => stage.answeredBy(phone)));
  await pause(TALK_MS);
  await pager.hangUp();
  const isMuted = code === '606';
  for (const leg of paged) expect((await heardBy(leg)).includes('1001')).toBe(true);
  expect((await heardBy(pager)).length).toBe(isMuted ? 0 : 3);
  const streams = phones.map((number) => says(number, `PJSIP/${number}`, isMuted ? [] : [number]));
  expect(await stage.result()).toEqual([{ callflows: ['multicast_paging'], streams: [says('1001'), ...streams] }]);
});

scene('FreePBX: a page group, through Local channels', async () => {
  for (const phone of ['1202', '1203']) stage.answers(phone, 100);
  const pager = await stage.calls('1201', '701701');
  const paged = await Promise.all(['1202', '1203'].map((phone) => stage.answeredBy(phone)));
  await pause(2 * TALK_MS);
  await pager.hangUp();
  expect(await Promise.all(paged.map(heardBy))).toEqual([['1201'], ['1201']]);
  expect(await stage.result()).toEqual([
    { callflows: ['multicast_paging'], streams: ['1201', '1202', '1203'].map((number) => says(number)) },
  ]);
});
