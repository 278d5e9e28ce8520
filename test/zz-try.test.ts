import { test } from '@jest/globals';
import { chromium } from 'playwright-core';
import { programRoutes } from './every-route.js';
import { ADMIN, RunningPortal } from './running-portal.js';

test('try', async () => {
  const running = await RunningPortal.open({ pages: 'dist/web', basePath: '/audio', routes: programRoutes() });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1100, height: 1400 } });
  const messages: string[] = [];
  page.on('console', (m) => messages.push(m.text()));
  await page.goto(running.portal.address);
  await page.evaluate(async (body) => {
    await fetch('api/v1/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }, ADMIN);
  await page.goto(`${running.portal.address}api/v1`);
  await page.locator('details').nth(2).click();
  await page.screenshot({ path: '/tmp/w1/reference.png' });
  await page.locator('#patch-audio-api-v1-users-name').scrollIntoViewIfNeeded();
  await page.screenshot({ path: '/tmp/w1/reference2.png' });
  await page.goto(running.portal.address);
  await page.waitForTimeout(1500);
  await page.screenshot({ path: '/tmp/w1/page.png' });
  process.stdout.write(messages.join('\n'));
  await browser.close();
  await running.close();
}, 60000);
