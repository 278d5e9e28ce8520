/** A newcomer's first quarter of an hour: the real program, a real Asterisk, real calls, a real receiver, a real browser. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Lab, startLab } from '../../../lab/lab.js';
import type { Leg } from '../../../lab/leg.js';
import { writeSound } from '../../../lab/sounds.js';
import { until } from '../../../lab/until.js';
import { TestBrowser } from '../../browser.js';
import { decibels, strengthAt, tone } from '../../tones.js';
import { AddOn } from '../add-on.js';
import { nothingLeft } from '../leftovers.js';
import { ListeningReceiver } from '../listening-receiver.js';
import { addressField, saveButton } from './real-portal.js';

jest.setTimeout(120_000);

const PASSWORD = 'correct horse battery';
const SECRET = { name: 'x-platform-key', value: 's3cr3t-of-the-platform' };
const RATE = 16_000;
const CALLER = { number: '1001', hz: 440 };
const CALLEE = { number: '1002', hz: 1200 };

let browser: TestBrowser;
let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn;
let page: Page;
let faults: string[];

beforeAll(async () => {
  browser = await TestBrowser.launch({ viewport: { width: 1280, height: 900 } });
  lab = await startLab();
  receiver = await new ListeningReceiver({ sampleRate: RATE, secret: SECRET }).start();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await receiver?.stop();
  await lab?.stop();
});

beforeEach(async () => {
  // Nothing is set but how Asterisk is reached: all else is the page's business.
  addOn = await AddOn.start(lab, undefined, {
    web: { listen: '127.0.0.1:0' },
    streaming: { serverAddress: '', sampleRate: 8000, subscriptions: { extensions: [] } },
  });
  const { address, setupCode } = await addOn.page();
  await addOn.says('connected to Asterisk');
  await browser.context.clearCookies();
  ({ page, faults } = await browser.open(address));
  await page.getByLabel('Set-up code').fill(setupCode);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await addressField(page).waitFor();
});
afterEach(async () => {
  await page.close({ runBeforeUnload: false });
  expect(await addOn.stop()).toBe(0);
  expect(faults.filter((fault) => !fault.includes('WebSocket'))).toEqual([]);
});

async function fillIn(): Promise<void> {
  await page.getByLabel('Kind of connection').selectOption('ws://');
  await addressField(page).fill(receiver.address.replace('ws://', ''));
  await page.getByLabel('Secret: option name').fill('X-Platform-Key');
  await page.getByRole('button', { name: 'Set a secret' }).click();
  await page.getByLabel('Secret', { exact: true }).fill(SECRET.value);
  await page.getByLabel('Sample Rate').selectOption(String(RATE));
  await page.getByRole('button', { name: 'Choose Extensions' }).click();
  await page.getByLabel('Search Extensions').fill(CALLER.number);
  await page.getByRole('checkbox', { name: new RegExp(`^${CALLER.number}`) }).check();
}

async function call(): Promise<Leg> {
  const soundOf = ({ number, hz }: typeof CALLER) =>
    writeSound(lab.folder, `page-${number}`, 8000, tone(hz, 8000, 90, -12));
  lab.phones.answers(CALLEE.number, { afterMs: 200, plays: await soundOf(CALLEE) });
  return lab.phones.call({ from: CALLER.number, to: CALLEE.number, plays: await soundOf(CALLER) });
}

const rowOf = (number: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: number }) });

test('set up, fill in, test, save, call, watch, listen, pause, hang up, look it up', async () => {
  await fillIn();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText(/The secret was sent as X-Platform-Key/).waitFor();
  await saveButton(page).click();
  await addOn.says('the settings were read again');

  const leg = await call();
  await page.getByRole('link', { name: /^Live/ }).click();
  await rowOf(CALLER.number).waitFor();
  await rowOf(CALLEE.number).waitFor();
  const cover = rowOf(CALLER.number).locator('.meter-cover');
  const atFirst = await cover.getAttribute('style');
  await until('the meter of the caller moves', async () => (await cover.getAttribute('style')) !== atFirst);

  await until('the receiver has both parties', () => receiver.heard.size === 2);
  expect(receiver.upgrades.at(-1)).toMatchObject({ [SECRET.name]: SECRET.value });

  await page.getByRole('button', { name: `Listen to ${CALLEE.number}`, exact: true }).click();
  const bar = page.locator('.listen-bar');
  const hearsTone = async (hz: number) => Math.abs(Number(await bar.getAttribute('data-tone-hz')) - hz) < 5;
  await until('the tone of the callee is heard in the browser', () => hearsTone(CALLEE.hz));
  await bar.getByRole('button', { name: 'Stop' }).click();

  await page.getByRole('button', { name: `Pause ${CALLER.number}`, exact: true }).click();
  const ofCaller = [...receiver.heard.values()].find(({ number }) => number === CALLER.number);
  const lately = () => Int16Array.from((ofCaller?.fragments ?? []).slice(-5).flatMap((fragment) => [...fragment]));
  await until('the receiver gets silence of the caller', () => lately().every((sample) => sample === 0));
  const before = ofCaller?.fragments.length ?? 0;
  await until('it goes on getting it', () => (ofCaller?.fragments.length ?? 0) > before + 5);
  await page.getByRole('button', { name: `Resume ${CALLER.number}`, exact: true }).click();
  await until('the receiver gets the caller again', () => {
    const heard = lately();
    return heard.length >= 5 * 640 && decibels(strengthAt(CALLER.hz, RATE, heard)) > -20;
  });

  await leg.hangUp();
  await page.getByText('No call at this moment').waitFor();
  await page.getByRole('link', { name: /^Calls/ }).click();
  await page.getByLabel(/Search/).fill(CALLER.number);
  await page
    .getByRole('link', { name: new RegExp(CALLER.number) })
    .first()
    .click();
  await page.locator('.timeline').waitFor();
  await until('the time line shows the pause', async () => /paused/i.test(await page.locator('main').innerText()));
  await until('both streams are ended', () => [...receiver.heard.values()].every(({ ends }) => ends === 1));
  await nothingLeft(lab);
});

test('a call that nobody subscribed can be streamed, and left again, by hand', async () => {
  await fillIn();
  await page.getByRole('checkbox', { name: new RegExp(`^${CALLER.number}`) }).uncheck();
  await saveButton(page).click();
  await addOn.says('the settings were read again');
  receiver.heard.clear();
  const leg = await call();
  await page.getByRole('link', { name: /^Live/ }).click();
  await page.getByText('not streamed').first().waitFor();
  await page
    .getByRole('button', { name: /^(Start|Stream)/ })
    .first()
    .click();
  await until('the receiver has both parties', () => receiver.heard.size === 2);
  await page.getByRole('button', { name: /^Stop/ }).first().click();
  await until('both streams are ended', () => [...receiver.heard.values()].every(({ ends }) => ends === 1));
  await leg.hangUp();
  await nothingLeft(lab);
});

test('a wrong address, a wrong secret, an Asterisk that is gone: each in words', async () => {
  await fillIn();
  await addressField(page).fill('127.0.0.1:9/nothing');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText(/nothing listens at this port/).waitFor();
  await addressField(page).fill(receiver.address.replace('ws://', ''));
  await page.getByLabel('Secret: option name').fill('X-Wrong');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText(/Compare the name and the value of the secret/).waitFor();

  await page.getByRole('link', { name: /^Health/ }).click();
  await page.getByRole('button', { name: 'Discard and go on' }).click();
  const connected = page.getByText(/Connected to Asterisk/).first();
  await connected.waitFor();
  await lab.pbx.kill();
  await page
    .getByText(/Is Asterisk running/)
    .first()
    .waitFor();
  await lab.restartPbx();
  await connected.waitFor({ timeout: 30_000 });
});
