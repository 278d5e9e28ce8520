/** The live view at what can't be had for real at will: 200 participants, a lost connection, hostile names, a known tone. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { until } from '../../../lab/until.js';
import { TestBrowser } from '../../browser.js';
import { PortalStandIn } from '../../portal-stand-in.js';
import { madeUpRunning } from '../../portal-stand-in-calls.js';
import { StandInContent } from '../../portal-stand-in-content.js';

jest.setTimeout(60_000);

/** The tone that the stand-in plays. */
const TONE_HZ = 700;

let browser: TestBrowser;
let standIn: PortalStandIn;
let page: Page;
let faults: string[];
beforeAll(async () => {
  browser = await TestBrowser.launch({ viewport: { width: 1280, height: 900 } });
}, 120_000);
afterAll(async () => browser?.close());
beforeEach(async () => {
  standIn = await PortalStandIn.start(new StandInContent());
});
afterEach(async () => {
  await page.close();
  await standIn.stop();
});

async function openLive(): Promise<void> {
  ({ page, faults } = await browser.open(`${standIn.address}#/live`));
  await page.locator('.call').first().waitFor();
}

test('of a call that is not streamed nothing is shown as sent, and there is nothing to pause or to hear', async () => {
  standIn.content.calls = madeUpRunning(2).map((call, index) => ({ ...call, isStreamed: index === 0 }));
  await openLive();
  const call = page.locator('.call').filter({ hasText: 'not streamed' });
  expect(await call.locator('tr[data-channelid]').count()).toBeGreaterThan(0);
  expect(await call.locator('.meter').count()).toBe(0);
  expect(await call.locator('tr button').count()).toBe(0);
  expect(await call.getByRole('button').allInnerTexts()).toEqual(['Stream']);
});

test('with 200 participants the meters move, and the page stays quick', async () => {
  standIn.content.calls = madeUpRunning(106);
  const count = standIn.content.calls.flatMap(({ participants }) => participants).length;
  expect(count).toBeGreaterThanOrEqual(200);
  await openLive();
  expect(await page.locator('tr[data-channelid]').count()).toBe(count);

  const cover = page.locator('.meter-cover').first();
  const seen = new Set<string>();
  await until('the first meter has stood at three levels', async () => {
    seen.add((await cover.getAttribute('style')) ?? '');
    return seen.size >= 3;
  });

  // For three seconds: how long the page was busy at a stretch, which is what makes scrolling and typing stutter.
  const longest = (await page.evaluate(`new Promise((resolve) => {
    const tasks = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask' });
    setTimeout(() => resolve(Math.max(0, ...tasks)), 3000);
  })`)) as number;
  expect(longest).toBeLessThan(150);
  expect(faults).toEqual([]);
});

test('a call that comes, changes and goes is shown without a reload', async () => {
  const all = standIn.content.calls;
  standIn.content.calls = [];
  ({ page, faults } = await browser.open(`${standIn.address}#/live`));
  await page.getByText('No call at this moment').waitFor();
  standIn.content.calls = all;
  standIn.tell({ kind: 'calls', calls: all });
  const first = page.locator('.call').first();
  await first.getByRole('button', { name: /^Pause 1001 ·/ }).click();
  await first.getByText('paused, sends silence').nth(1).waitFor();
  await first.getByRole('button', { name: 'Resume 1001', exact: true }).click();
  await until('one of the two goes on', async () => (await first.getByText('paused, sends silence').count()) === 1);
  await first.getByRole('button', { name: /^Stop: the streaming/ }).click();
  await first.getByText('not streamed').waitFor();
  standIn.tell({ kind: 'calls', calls: [] });
  await page.getByText('No call at this moment').waitFor();
});

test('what is listened to is what was sent: the tone, at its frequency and level', async () => {
  await openLive();
  await page.getByRole('button', { name: 'Listen to 1001', exact: true }).click();
  const bar = page.locator('.listen-bar');
  await until('the tone is heard', async () => {
    const hz = Number(await bar.getAttribute('data-tone-hz'));
    return Math.abs(hz - TONE_HZ) < 5;
  });
  // 9000 of 32768 at a volume of 0.8, as the level of a sine, in dBFS.
  const level = 20 * Math.log10((9000 / 32_768) * 0.8) - 3.01;
  await until('it has its level', async () => {
    return Math.abs(Number(await bar.getAttribute('data-level-db')) - level) < 0.3;
  });
  await bar.getByRole('button', { name: 'Stop' }).click();
  await bar.waitFor({ state: 'detached' });
});

test('a lost connection is told, and comes back by itself', async () => {
  await openLive();
  const { port } = new URL(standIn.address);
  await standIn.stop();
  await page.getByText('The connection to the program is lost.').waitFor();
  standIn = await PortalStandIn.start(new StandInContent(), Number(port));
  await page.getByText('The connection to the program is lost.').waitFor({ state: 'detached' });
  await page.locator('.call').first().waitFor();
});

test('hostile numbers and channel names stay text', async () => {
  const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const [call] = standIn.content.calls;
  if (call === undefined) throw new Error('There is no call');
  const [party] = call.participants;
  if (party === undefined) throw new Error('There is no participant');
  standIn.content.calls = [{ ...call, callid: evil, participants: [{ ...party, number: evil, channelid: evil }] }];
  standIn.content.recent = standIn.content.recent.map((record) => ({ ...record, callid: evil }));
  await openLive();
  await page.getByRole('row').getByText(evil).waitFor();
  expect(await page.locator('img').count()).toBe(0);
  await page.goto(`${standIn.address}#/calls/${encodeURIComponent(evil)}`);
  await page.locator('.timeline').waitFor();
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.title()).toContain('Audio Streaming');
});
