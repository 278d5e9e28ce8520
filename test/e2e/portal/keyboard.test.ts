/** All by keyboard: signing in, choosing, saving; the focus is always seen, and never caught. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { until } from '../../../lab/until.js';
import { TestBrowser } from '../../browser.js';
import { ADMIN } from '../../running-portal.js';
import { addressField, news, RealPortal } from './real-portal.js';

jest.setTimeout(90_000);

/** More stops than any view of this test has. */
const MOST_STOPS = 120;

/** What has the focus: its name for a screen reader, or its text; and whether one sees that it has it. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(' ');
  return {
    name: (element.ariaLabel || labels || element.textContent || element.tagName).trim(),
    isSeen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    isBody: element === document.body,
  };
})()`;

interface Focused {
  readonly name: string;
  readonly isSeen: boolean;
  readonly isBody: boolean;
}

let browser: TestBrowser;
let portal: RealPortal;
let page: Page;
beforeAll(async () => {
  browser = await TestBrowser.launch();
  portal = await RealPortal.open();
  ({ page } = await browser.open(portal.address));
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await portal?.close();
});

const focused = (): Promise<Focused> => page.evaluate(FOCUSED) as Promise<Focused>;

/** Presses Tab until this has the focus. Each stop on the way is seen. */
async function tabTo(name: string): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const found = await focused();
    if (!found.isBody) expect(found).toMatchObject({ isSeen: true });
    if (found.name.startsWith(name)) return;
  }
  throw new Error(`Tab never reaches ${name}`);
}

test('sign in, change the address, choose an extension, save', async () => {
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await until('the first field has the focus', async () => (await focused()).name === 'User name');
  await page.keyboard.type(ADMIN.name);
  await tabTo('Password');
  await page.keyboard.type(ADMIN.password);
  await page.keyboard.press('Enter');
  await addressField(page).waitFor();

  await tabTo('Skip to the content');
  await page.keyboard.press('Enter');
  await tabTo('Server Address');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('keys.example.com');
  await tabTo('Choose Extensions');
  await page.keyboard.press('Enter');
  await tabTo('1003');
  await page.keyboard.press('Space');
  await tabTo('Enter a name or a pattern');
  await page.keyboard.type('_2XXX');
  await page.keyboard.press('Enter');
  await tabTo('Save');
  await page.keyboard.press('Enter');
  await news(page)
    .getByText(/^Saved\./)
    .waitFor();
  const { streaming } = portal.changes.present();
  expect(streaming.serverAddress).toContain('keys.example.com');
  expect(streaming.subscriptions.extensions).toEqual(expect.arrayContaining(['1003', '_2XXX']));
});

test.each(['streaming', 'live', 'health', 'access'])('no stop of %s catches the focus', async (view) => {
  await page.goto(`${portal.address}#/${view}`);
  await page.reload();
  await page.locator('h1').waitFor();
  await tabTo('Skip to the content');
  // All the way round: from the first stop to the first stop.
  await tabTo('Skip to the content');
});

test('a dialog takes the focus, Escape closes it, and the focus goes back', async () => {
  await page.goto(`${portal.address}#/streaming`);
  // The heading takes the focus when one comes to a view; a Tab before that would start from nowhere.
  await until('the view has the focus', async () => (await focused()).name === 'WebSocket Audio Streaming');
  await tabTo('Earlier versions');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Earlier versions' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await until('the button has the focus again', async () => (await focused()).name === 'Earlier versions');
});
