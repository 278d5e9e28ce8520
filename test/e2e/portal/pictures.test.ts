/**
 * The pictures of docs/portal.md, taken of the real program while real calls run. With PORTAL_PICTURES=docs/images they
 * are kept; else it is only seen that each can be taken.
 */
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Lab, startLab } from '../../../lab/lab.js';
import type { Leg } from '../../../lab/leg.js';
import { projectRoot } from '../../../lab/project-root.js';
import { until } from '../../../lab/until.js';
import { makeVoices, type Voice } from '../../../lab/voices.js';
import { TestBrowser } from '../../browser.js';
import { takePicture, takePictures } from '../../portal-pictures.js';
import { AddOn } from '../add-on.js';
import { ListeningReceiver } from '../listening-receiver.js';
import { addressField } from './real-portal.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 240_000;
const MOST_OCTETS = 200_000;
const SAMPLE_RATE = 16_000;
const SECRET = { name: 'x-api-key', value: 'a-secret-of-the-platform' };
const SPEECH_SECONDS = 20;

/** Numbers that countries keep for films. */
const OUTSIDERS = { london: '442079460123', berlin: '4930235551', newYork: '12125550143', ottawa: '16135550187' };
const PHONES = ['1001', '1002', '1003', '1005', '1007', '1008', '1009'];

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn;
let browser: TestBrowser;
let voices: Map<string, Voice>;

beforeAll(async () => {
  browser = await TestBrowser.launch();
  lab = await startLab();
  const numbers = [...PHONES, ...Object.values(OUTSIDERS)];
  const { folder } = lab;
  const spoken = { kind: 'speech', numbers, seconds: SPEECH_SECONDS, sampleRate: 8000, folder } as const;
  voices = await makeVoices({ ...spoken, progress: () => undefined });
  receiver = await new ListeningReceiver({ sampleRate: SAMPLE_RATE, secret: SECRET }).start();
  addOn = await AddOn.start(lab, receiver, {
    web: { listen: '127.0.0.1:0' },
    log: { level: 'info' },
    streaming: {
      secret: SECRET,
      subscriptions: { extensions: ['1001', '1002', '_100[3-9]'], trunks: ['trunk-a'], dids: ['_2025550XXX'] },
    },
  });
  await addOn.says('connected to Asterisk');
}, START_LIMIT_MS);
afterAll(async () => {
  await addOn?.stop();
  await browser?.close();
  await receiver?.stop();
  await lab?.stop();
}, START_LIMIT_MS);

const talks = (number: string) => ({ plays: voices.get(number)?.file ?? '', repeats: true });
const callIn = (did: string, callerId: string) => lab.trunk.callsIn({ did, callerId, ...talks(callerId) });
const call = (from: string, to: string) => lab.phones.call({ from, to, ...talks(from) });
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** A call through the menu, its caller paused for a moment, and over again. */
async function overCall(page: Page): Promise<void> {
  const leg = await callIn('2025550161', OUTSIDERS.ottawa);
  await pause(4_000);
  await leg.press('1');
  await lab.phones.answeredBy('1001');
  await pause(7_000);
  await page.getByRole('button', { name: `Pause ${OUTSIDERS.ottawa}`, exact: true }).click();
  await pause(4_000);
  await page.getByRole('button', { name: `Resume ${OUTSIDERS.ottawa}`, exact: true }).click();
  await pause(9_000);
  await leg.hangUp();
}

/** Somebody else who may look, and a program. */
async function addAccounts(page: Page, address: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await page.goto(`${address}#/access`);
  await page.getByRole('button', { name: 'Add user' }).click();
  await dialog.getByLabel('User name').fill('helpdesk');
  await dialog.getByLabel('Password', { exact: true }).fill('a phrase long enough');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('helpdesk can sign in now.').waitFor();
  await page.getByRole('button', { name: 'Create token' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('ticket system');
  await dialog.getByRole('button', { name: 'Create token' }).click();
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
}

/** What stands while the pictures are taken. */
async function standingCalls(): Promise<Leg[]> {
  return [
    await call('1008', '603'),
    await call('1009', '603'),
    await callIn('2025550162', OUTSIDERS.newYork),
    await callIn('2025550163', OUTSIDERS.berlin),
    await call('1002', '1005'),
    await callIn('2025551007', OUTSIDERS.london),
  ];
}

test(
  'every picture of docs/portal.md is of the real page',
  async () => {
    const kept = process.env.PORTAL_PICTURES;
    const folder = kept === undefined ? join(lab.folder, 'pictures') : resolve(kept);
    await mkdir(folder, { recursive: true });
    for (const number of PHONES) lab.phones.answers(number, { afterMs: 900, ...talks(number) });

    const { address, setupCode } = await addOn.page();
    const { page, faults } = await browser.open(address);
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.getByLabel('Set-up code').fill(setupCode);
    await takePicture(page, join(folder, 'portal-set-up.png'));
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByLabel('Password again', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: 'Create account' }).click();
    await addressField(page).waitFor();

    await page.goto(`${address}#/live`);
    const over = overCall(page);
    // While that one takes its time, the others begin.
    const legs = await standingCalls();
    await over;
    await until('the menu call is over', () => [...receiver.heard.values()].some(({ ends }) => ends === 1));
    await addAccounts(page, address);
    await takePictures(page, address, folder);
    await Promise.all(legs.map((leg) => leg.hangUp()));

    const text = await readFile(join(projectRoot(), 'docs', 'portal.md'), 'utf8');
    const wanted = [...text.matchAll(/images\/(portal-[a-z-]+\.png)/g)].map(([, name = '']) => name);
    expect(await readdir(folder)).toEqual(expect.arrayContaining(wanted));
    for (const name of wanted) expect((await stat(join(folder, name))).size).toBeLessThan(MOST_OCTETS);
    expect(faults).toEqual([]);
  },
  TEST_LIMIT_MS,
);
