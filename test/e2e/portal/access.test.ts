/** Access in a real browser over the real portal: users come, change and go; a token is shown once; the trail tells of all. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { TestBrowser } from '../../browser.js';
import { PortalClient } from '../../portal-client.js';
import { news, RealPortal, signIn } from './real-portal.js';

jest.setTimeout(60_000);

let browser: TestBrowser;
let portal: RealPortal;
let page: Page;
let faults: string[];
beforeAll(async () => {
  browser = await TestBrowser.launch();
  portal = await RealPortal.open();
  ({ page, faults } = await browser.open(`${portal.address}#/access`));
  await signIn(page);
  await page.getByRole('heading', { name: 'Users' }).waitFor();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await portal?.close();
});

const rowOf = (name: string) => page.getByRole('row', { name: new RegExp(`^${name} `) });
const dialog = () => page.getByRole('dialog');

test('a user is added, given rights, and removed', async () => {
  await page.getByRole('button', { name: 'Add user' }).click();
  await dialog().getByLabel('User name').fill('bad name');
  await dialog().getByLabel('Password', { exact: true }).fill('a phrase long enough');
  await dialog().getByRole('button', { name: 'Add', exact: true }).click();
  await dialog().locator('.problem, .note.bad').first().waitFor();
  await dialog().getByLabel('User name').fill('helpdesk');
  await dialog().getByRole('button', { name: 'Add', exact: true }).click();
  await news(page).getByText('helpdesk can sign in now.').waitFor();
  await rowOf('helpdesk').getByText('read only').waitFor();

  await page.getByRole('button', { name: 'Change helpdesk' }).click();
  await dialog().getByLabel('Role').selectOption('Administrator');
  await dialog()
    .getByRole('checkbox', { name: /May listen/ })
    .check();
  await dialog().getByRole('button', { name: 'Change', exact: true }).click();
  await rowOf('helpdesk').getByText('administrator').waitFor();
  await rowOf('helpdesk').getByText('may listen').waitFor();

  await page.getByRole('button', { name: 'Remove helpdesk' }).click();
  await dialog().getByRole('button', { name: 'Remove', exact: true }).click();
  await rowOf('helpdesk').waitFor({ state: 'detached' });
});

test('a token is shown once, works, and works no more once it is revoked', async () => {
  await page.getByRole('button', { name: 'Create token' }).click();
  await dialog().getByLabel('Name', { exact: true }).fill('ticket system');
  await dialog().getByRole('button', { name: 'Create token' }).click();
  const token = (await dialog().locator('.token').textContent()) ?? '';
  await page.keyboard.press('Escape');
  // A token that is gone can't be shown again, so one key too many must not close it.
  expect(await dialog().count()).toBe(1);
  await dialog().getByRole('button', { name: 'I have kept it' }).click();
  await rowOf('ticket system').waitFor();
  expect(await page.content()).not.toContain(token);

  const program = new PortalClient(portal.address);
  program.token = token;
  expect((await program.ask('GET', '/api/v1/settings')).status).toBe(200);
  await page.getByRole('button', { name: 'Revoke ticket system' }).click();
  await dialog().getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByText('There is no token yet.').waitFor();
  expect((await program.ask('GET', '/api/v1/settings')).status).toBe(401);
});

test('one changes the own password, and the wrong present one is told at its field', async () => {
  await page.getByRole('button', { name: 'Change password' }).click();
  await dialog().getByLabel('Present password', { exact: true }).fill('not the one');
  await dialog().getByLabel('New password', { exact: true }).fill('a new phrase long enough');
  await dialog().getByRole('button', { name: 'Change it' }).click();
  await dialog().locator('.problem').waitFor();
  await dialog().getByLabel('Present password', { exact: true }).fill('correct horse battery');
  await dialog().getByRole('button', { name: 'Change it' }).click();
  await news(page).getByText('Your password is changed.', { exact: false }).waitFor();
});

test('the trail has it all, with who and from where', async () => {
  await page.getByRole('button', { name: 'Refresh' }).click();
  const trail = page.getByRole('table', { name: 'Audit trail' });
  for (const word of ['helpdesk', 'ticket system', 'password']) {
    await trail.getByText(word, { exact: false }).first().waitFor();
  }
  await trail.getByText('127.0.0.1').first().waitFor();
  await page.getByLabel('Search the audit trail').fill('no such thing');
  await page.getByText('Nothing found.').waitFor();
  expect(faults.filter((fault) => !fault.includes('WebSocket'))).toEqual([]);
});
