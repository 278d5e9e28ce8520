/** Takes the pictures of docs/portal.md from a page on which an administrator is signed in, and calls run. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';

interface Picture {
  readonly name: string;
  readonly view: 'streaming' | 'live' | 'calls' | 'health' | 'access';
  /** What is there once the view is. */
  readonly there: string;
  readonly scheme?: 'light' | 'dark';
  readonly size?: { readonly width: number; readonly height: number };
  readonly before?: (page: Page) => Promise<void>;
}

const DESK = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 800 };

const PICTURES: readonly Picture[] = [
  { name: 'streaming', view: 'streaming', there: '.object' },
  { name: 'streaming-dark', view: 'streaming', there: '.object', scheme: 'dark' },
  { name: 'streaming-phone', view: 'streaming', there: '.object', size: PHONE },
  {
    name: 'subscription',
    view: 'streaming',
    size: { width: 1280, height: 1000 },
    there: '.object',
    before: async (page) => {
      await page.getByRole('button', { name: 'Choose Extensions' }).click();
      await page.getByLabel('Enter a name or a pattern').fill('_20[13-5]X');
      await page.evaluate('document.querySelector(".objects").closest(".card").scrollIntoView()');
    },
  },
  {
    name: 'test-connection',
    view: 'streaming',
    there: '.object',
    before: async (page) => {
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByText(' ms)').waitFor();
    },
  },
  { name: 'live', view: 'live', there: '.call' },
  { name: 'live-dark', view: 'live', there: '.call', scheme: 'dark' },
  { name: 'live-phone', view: 'live', there: '.call', size: PHONE, scheme: 'dark' },
  {
    name: 'listen',
    view: 'live',
    there: '.call',
    before: async (page) => {
      await page
        .getByRole('button', { name: /^Listen to/ })
        .first()
        .click();
      await page.locator('.listen-bar[data-tone-hz]').waitFor();
    },
  },
  { name: 'calls', view: 'calls', there: '.call-link' },
  {
    name: 'call',
    view: 'calls',
    there: '.call-link',
    before: async (page) => {
      await page.locator('.call-link').last().click();
      await page.locator('.timeline').waitFor();
    },
  },
  { name: 'health', view: 'health', there: '.log-line' },
  { name: 'access', view: 'access', there: '.table' },
];

/** `address` is that of the page, with its slash; `folder` gets one file each. */
export async function takePictures(page: Page, address: string, folder: string): Promise<void> {
  for (const picture of PICTURES) {
    await page.setViewportSize(picture.size ?? DESK);
    await page.emulateMedia({ colorScheme: picture.scheme ?? 'light', reducedMotion: 'reduce' });
    await page.goto('about:blank');
    await page.goto(`${address}#/${picture.view}`);
    await page.locator(picture.there).first().waitFor();
    await picture.before?.(page);
    await takePicture(page, join(folder, `portal-${picture.name}.png`));
  }
}

export async function takePicture(page: Page, path: string): Promise<void> {
  // Fonts and figures have come by then; a picture of half a page would be no failure that anybody notices.
  await page.evaluate('document.fonts.ready');
  await page.waitForTimeout(600);
  await page.screenshot({ path });
}
