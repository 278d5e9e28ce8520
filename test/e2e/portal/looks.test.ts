/** Every view, light and dark, from a phone to a wide screen: axe-core finds nothing serious, and nothing sticks out. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { TestBrowser } from '../../browser.js';
import { PortalStandIn } from '../../portal-stand-in.js';

jest.setTimeout(90_000);

const WIDTHS = [360, 768, 1280, 1920];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: TestBrowser;
let standIn: PortalStandIn;
let page: Page;
beforeAll(async () => {
  browser = await TestBrowser.launch();
  standIn = await PortalStandIn.start();
  ({ page } = await browser.open(standIn.address));
  page.on('dialog', (dialog) => void dialog.accept());
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await standIn?.stop();
});

const go = async (view: string, there: string): Promise<void> => {
  await page.goto(`${standIn.address}#/${view}`);
  await page.locator(there).first().waitFor();
};
const press = (name: string) => page.getByRole('button', { name, exact: true }).first().click();

/** By name, how to come there from the page as it is when somebody is signed in. */
const VIEWS: Readonly<Record<string, () => Promise<void>>> = {
  'the sign-in': async () => {
    standIn.user = undefined;
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  },
  'the set-up with problems': async () => {
    standIn.user = undefined;
    standIn.isSetUp = false;
    await page.reload();
    await press('Create account');
    await page.getByText('Enter the code from the log.').waitFor();
  },
  'the form': () => go('streaming', '.object'),
  'the form with all open, changed and wrong': async () => {
    await go('streaming', '.object');
    await page.getByLabel('Server Address', { exact: true }).fill('ws://example.com');
    await press('Replace');
    await page.getByText('Advanced').click();
    await press('Choose Extensions');
    await press('Test connection');
    await page.getByText('38 ms').waitFor();
    await press('Save');
    await page.locator('.toast').waitFor();
  },
  'the form of a reader': async () => {
    standIn.user = { name: 'helpdesk', role: 'reader', mayListen: false };
    await page.reload();
    await go('streaming', '.object');
  },
  'the earlier versions': async () => {
    await go('streaming', '.object');
    await press('Earlier versions');
    await page.getByText('Version 7').waitFor();
  },
  'the live view, listening': async () => {
    await go('live', '.call');
    await page
      .getByRole('button', { name: /^Listen to 1001/ })
      .first()
      .click();
    await page.locator('.listen-bar[data-state="playing"]').waitFor();
  },
  'the calls': () => go('calls', '.call-link'),
  'one call': async () => {
    await go('calls', '.call-link');
    await page.locator('.call-link').first().click();
    await page.locator('.timeline').waitFor();
  },
  'the health': () => go('health', '.log-line'),
  'the access': () => go('access', 'text=old portal'),
  'a new token': async () => {
    await go('access', 'text=old portal');
    await press('Create token');
    await page.getByLabel('Name', { exact: true }).fill('a program');
    await page.getByRole('dialog').getByRole('button', { name: 'Create token' }).click();
    await page.locator('.token').waitFor();
  },
};

async function show(name: string): Promise<void> {
  standIn.isSetUp = true;
  standIn.user = { name: 'admin', role: 'admin', mayListen: true };
  await page.goto('about:blank');
  await page.goto(standIn.address);
  await VIEWS[name]?.();
}

test('light or dark follows the system until one is chosen, and the choice outlives a reload', async () => {
  const background = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
  await show('the form');
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await background();
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await background();
  expect(dark).not.toBe(light);
  await page.getByRole('button', { name: 'Light', exact: true }).click();
  expect(await background()).toBe(light);
  await page.reload();
  expect(await background()).toBe(light);
  await page.getByRole('button', { name: 'Light or dark as the system' }).click();
  expect(await background()).toBe(dark);
});

describe.each(Object.keys(VIEWS))('%s', (name) => {
  test.each(['light', 'dark'] as const)('has nothing serious for axe-core, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1280, height: 900 });
    await show(name);
    await page.evaluate(AXE);
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  });

  test('fits from a phone to a wide screen', async () => {
    await show(name);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const beyond = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect({ width, beyond }).toEqual({ width, beyond: 0 });
    }
  });
});
