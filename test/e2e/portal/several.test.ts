/** Several at one page: two administrators at once, one who may only look, and a session that ends in the middle of work. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { TestBrowser } from '../../browser.js';
import { addressField, news, RealPortal, saveButton, signIn } from './real-portal.js';

const ANNA = { name: 'anna', password: 'another good phrase' };

jest.setTimeout(60_000);

let browser: TestBrowser;
let portal: RealPortal;
let page: Page;
let others: BrowserContext | undefined;
beforeAll(async () => {
  browser = await TestBrowser.launch();
}, 120_000);
afterAll(async () => browser?.close());

beforeEach(async () => {
  portal = await RealPortal.open();
  await browser.context.clearCookies();
  ({ page } = await browser.open(portal.address));
  await signIn(page);
  await addressField(page).waitFor();
});
afterEach(async () => {
  await others?.close();
  others = undefined;
  await page.close({ runBeforeUnload: false });
  await portal.close();
});

/** A second person, with cookies of their own. */
async function second(role: 'admin' | 'reader'): Promise<Page> {
  const admin = await portal.running.adminClient();
  await admin.ask('POST', '/api/v1/users', { body: { ...ANNA, role, mayListen: false } });
  others = await browser.context.browser()?.newContext();
  if (others === undefined) throw new Error('The browser gives no second context');
  const page = await others.newPage();
  await page.goto(portal.address);
  await signIn(page, ANNA);
  await addressField(page).waitFor();
  return page;
}

test('whoever saves second is told who was first, and can keep theirs on top', async () => {
  const anna = await second('admin');
  await addressField(page).fill('mine.example.com');
  await anna.getByLabel('Sample Rate').selectOption('48000');
  await addressField(anna).fill('annas.example.com');
  await saveButton(anna).click();
  await news(anna).getByText('Saved.').waitFor();

  // Nobody is interrupted while they type; the bar tells of it.
  await page.getByText('anna has saved meanwhile').waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  await saveButton(page).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else has saved meanwhile' });
  await dialog.getByText('Server Address and Sample Rate').waitFor();
  await dialog.getByText('Both of you changed Server Address', { exact: false }).waitFor();
  expect(portal.changes.present().streaming.serverAddress).toContain('annas.example.com');

  await dialog.getByRole('button', { name: 'Keep mine on top' }).click();
  expect(await page.getByLabel('Sample Rate').inputValue()).toBe('48000');
  await saveButton(page).click();
  await news(page)
    .getByText(/^Saved\./)
    .waitFor();
  expect(portal.changes.present().streaming).toMatchObject({
    serverAddress: expect.stringContaining('mine.example.com'),
    sampleRate: 48_000,
  });
});

test('a form without changes shows what somebody else saved', async () => {
  const anna = await second('admin');
  await anna.getByLabel('Sample Rate').selectOption('24000');
  await saveButton(anna).click();
  await page.getByText('Last change by anna').waitFor();
  expect(await page.getByLabel('Sample Rate').inputValue()).toBe('24000');
});

test('whoever may only look finds every control out of reach, with the reason', async () => {
  const anna = await second('reader');
  expect(await addressField(anna).isDisabled()).toBe(true);
  const switches = await anna.getByRole('switch').all();
  expect(await Promise.all(switches.map((one) => one.isDisabled()))).toEqual([true, true, true, true, true]);
  await anna.getByText('Your account may only look.', { exact: false }).first().waitFor();
  expect(await saveButton(anna).count()).toBe(0);
  await anna.getByRole('link', { name: 'Access' }).click();
  await anna.getByText('Only an administrator sees these.').waitFor();
});

test('a session that ends in the middle of work is begun again, and the work goes on', async () => {
  await addressField(page).fill('kept.example.com');
  await page.getByRole('button', { name: 'Replace' }).click();
  await page.getByLabel('New secret', { exact: true }).fill('typed before the end');
  await browser.context.clearCookies();
  await saveButton(page).click();
  const dialog = page.getByRole('dialog', { name: 'Please sign in again' });
  await dialog.getByLabel('Password', { exact: true }).fill('not the password');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.locator('.note.bad').waitFor();
  await dialog.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await news(page).getByText('Saved.').waitFor();
  expect(portal.changes.present().streaming.serverAddress).toContain('kept.example.com');
});

test('a session ended elsewhere is noticed without a click, and whoever comes next finds nothing of it', async () => {
  await addressField(page).fill('typed.by.admin');
  const admin = await portal.running.adminClient();
  await admin.ask('PUT', '/api/v1/session/password', {
    body: { present: 'correct horse battery', next: 'a new good phrase' },
  });
  await page.getByRole('dialog', { name: 'Please sign in again' }).waitFor();
  await page.getByRole('button', { name: 'Leave' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await signIn(page, { name: 'admin', password: 'a new good phrase' });
  await addressField(page).waitFor();
  expect(await addressField(page).inputValue()).toBe('from.file');
});
