/** The form in a real browser over the real portal: first account, saving, problems at their fields, nothing lost by leaving. */
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Page, Request, Route } from 'playwright-core';
import { WebSocketServer } from 'ws';
import { deferred } from '../../../lab/deferred.js';
import { until } from '../../../lab/until.js';
import { API } from '../../../src/io/web/contract/endpoints.js';
import { TestBrowser } from '../../browser.js';
import { addressField, news, RealPortal, saveButton, signIn } from './real-portal.js';

jest.setTimeout(60_000);

const SETTINGS = `**${API.settings}`;

let browser: TestBrowser;
beforeAll(async () => {
  browser = await TestBrowser.launch();
}, 120_000);
afterAll(async () => browser?.close());

let portal: RealPortal;
let page: Page;
let faults: string[];
afterEach(async () => {
  await page.close({ runBeforeUnload: false });
  await portal.close();
  // Whatever the content security policy refuses is told as an error of the page.
  expect(faults.filter((fault) => !fault.includes('WebSocket'))).toEqual([]);
});

async function open(choices: Parameters<typeof RealPortal.open>[0] = {}): Promise<void> {
  portal = await RealPortal.open(choices);
  await browser.context.clearCookies();
  ({ page, faults } = await browser.open(portal.address));
}

describe('the first visit', () => {
  beforeEach(() => open({ isBare: true }));

  test('makes the administrator with the code from the log, and ends in the form', async () => {
    await page.getByLabel('Set-up code').fill('wrong-code');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('It needs at least 12 characters; this has 5.').waitFor();
    await page.getByText('The two passwords differ.').waitFor();

    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByLabel('Password again', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('alert').filter({ hasText: 'code' }).waitFor();

    await page.getByLabel('Set-up code').fill(portal.running.setupCode ?? '');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('heading', { name: 'WebSocket Audio Streaming' }).waitFor();
    await page.reload();
    await addressField(page).waitFor();
  });
});

describe('signed in', () => {
  beforeEach(async () => {
    await open();
    await signIn(page);
    await addressField(page).waitFor();
  });

  test('what is saved is in force, and the secret does not come back to the page', async () => {
    await page.getByLabel('Kind of connection').selectOption('wss://');
    await addressField(page).fill('ws://127.0.0.1:8091/audio');
    expect(await page.getByLabel('Kind of connection').inputValue()).toBe('ws://');
    expect(await addressField(page).inputValue()).toBe('127.0.0.1:8091/audio');
    await page.getByLabel('Secret: option name').fill('X-Mine');
    await page.getByRole('button', { name: 'Replace' }).click();
    await page.getByLabel('New secret', { exact: true }).fill('s3cr3t-one');
    await page.getByLabel('Sample Rate').selectOption('48000');
    await page.getByRole('button', { name: 'Choose Extensions' }).click();
    await page.getByLabel('Search Extensions').fill('100');
    await page.getByRole('checkbox', { name: /Select all found/ }).check();
    await page.getByLabel('Enter a name or a pattern').fill('_20XX, 2100');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('For calls that begin from now on: Server Address', { exact: false }).waitFor();
    await saveButton(page).click();
    await news(page).getByText('Saved.').waitFor();

    const { streaming, revision, savedBy } = portal.changes.present();
    expect({ revision, savedBy }).toEqual({ revision: 1, savedBy: 'admin' });
    expect(streaming).toMatchObject({
      serverAddress: 'ws://127.0.0.1:8091/audio',
      secretName: 'X-Mine',
      secretIsSet: true,
      sampleRate: 48_000,
    });
    expect(streaming.subscriptions.extensions).toEqual(expect.arrayContaining(['_20XX', '2100', '1001', '1009']));
    await page.getByRole('button', { name: 'Replace' }).waitFor();
    expect(await page.getByLabel('New secret', { exact: true }).count()).toBe(0);
    expect(await page.content()).not.toContain('s3cr3t-one');
    await page.reload();
    await page.getByText('All saved. Last change by admin').waitFor();
    expect(await addressField(page).inputValue()).toBe('127.0.0.1:8091/audio');
  });

  test('a problem is told at its field, here and by the program, and takes the focus', async () => {
    await addressField(page).fill('');
    await saveButton(page).click();
    await page.getByText('Enter the address of the server that is to receive the audio').waitFor();
    expect(await addressField(page).getAttribute('aria-invalid')).toBe('true');
    await expectFocus('Server Address');

    // Looks like an address to the browser; the program knows better.
    await addressField(page).fill('example.com/audio#part');
    expect(await addressField(page).getAttribute('aria-invalid')).toBeNull();
    await saveButton(page).click();
    await page
      .locator('.field', { has: addressField(page) })
      .locator('.problem')
      .waitFor();
    expect(portal.changes.present().revision).toBe(0);
  });

  test('leaving with unsaved changes asks first: stay, discard, save', async () => {
    const goLive = () => page.getByRole('link', { name: /^Live/ }).click();
    await addressField(page).fill('one.example.com');
    await goLive();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await addressField(page).inputValue()).toBe('one.example.com');
    expect(page.url()).toContain('#/streaming');

    await goLive();
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.getByRole('heading', { name: 'Live', exact: true }).waitFor();
    expect(portal.changes.present().streaming.serverAddress).toContain('one.example.com');

    await page.getByRole('link', { name: 'Audio Streaming' }).click();
    await addressField(page).fill('two.example.com');
    await page.goBack();
    await page.getByRole('button', { name: 'Discard and go on' }).click();
    await page.getByRole('heading', { name: 'Live', exact: true }).waitFor();
    expect(portal.changes.present().streaming.serverAddress).toContain('one.example.com');
  });

  test('what is typed while the form is read anew, or saved, stays', async () => {
    const stays = async (typed: string) => {
      await page.getByText('1 unsaved change', { exact: true }).waitFor();
      expect(await addressField(page).inputValue()).toBe(typed);
    };
    await page.getByRole('link', { name: /^Live/ }).click();
    let { arrived, answer } = await held('GET');
    await page.getByRole('link', { name: 'Audio Streaming' }).click();
    await arrived;
    await addressField(page).fill('one.example.com');
    await answer();
    await stays('one.example.com');

    ({ arrived, answer } = await held('PUT'));
    await saveButton(page).click();
    await arrived;
    await addressField(page).fill('two.example.com');
    await answer();
    await news(page).getByText('Saved.').waitFor();
    await stays('two.example.com');
    expect(portal.changes.present().streaming.serverAddress).toContain('one.example.com');
  });

  test('reload with unsaved changes asks the browser to ask', async () => {
    await addressField(page).fill('one.example.com');
    const asked = page.waitForEvent('dialog');
    const reloading = page.reload({ timeout: 3_000 }).catch(() => undefined);
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
    await reloading;
    expect(await addressField(page).inputValue()).toBe('one.example.com');
  });

  test('signing out asks, too, and what was discarded is gone', async () => {
    await addressField(page).fill('one.example.com');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Discard and go on' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await signIn(page);
    await page.getByText('nothing was saved here yet', { exact: false }).waitFor();
    expect(await addressField(page).inputValue()).toBe('from.file');
  });

  test('without changes nothing asks', async () => {
    await addressField(page).fill('one.example.com');
    await page.getByRole('button', { name: 'Discard', exact: true }).click();
    await page.getByRole('link', { name: /^Live/ }).click();
    await page.getByRole('heading', { name: 'Live', exact: true }).waitFor();
  });

  test('Test connection says what happened, for the address that stands there', async () => {
    const receiver = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(receiver, 'listening');
    const { port } = receiver.address() as { port: number };
    const result = page.locator('.note.good, .note.bad').filter({ hasText: ' ms)' });
    try {
      await addressField(page).fill(`ws://127.0.0.1:${port}`);
      await page.getByRole('button', { name: 'Test connection' }).click();
      await result.waitFor();
      expect(await result.getAttribute('class')).toContain('good');
    } finally {
      receiver.close();
    }
    await addressField(page).fill('ws://127.0.0.1:9');
    await result.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Test connection' }).click();
    await result.waitFor();
    expect(await result.getAttribute('class')).toContain('bad');
  });

  test('an earlier version comes back', async () => {
    for (const rate of ['8000', '24000']) {
      await page.getByLabel('Sample Rate').selectOption(rate);
      await saveButton(page).click();
      await page.getByText('All saved. Last change by admin').waitFor();
    }
    await page.getByRole('button', { name: 'Earlier versions' }).click();
    const first = page.getByRole('listitem').filter({ hasText: 'Version 1' });
    await first.getByRole('button', { name: 'Go back to it' }).click();
    await news(page).getByText('The settings of version 1 hold again.').waitFor();
    expect(await page.getByLabel('Sample Rate').inputValue()).toBe('8000');
    expect(portal.changes.present()).toMatchObject({ revision: 3, streaming: { sampleRate: 8000 } });
  });

  /** Keeps the answer of the next request of this kind about the settings from the page, until `answer` has given it. */
  async function held(method: string): Promise<{ arrived: Promise<void>; answer: () => Promise<unknown> }> {
    const [arrival, release, answered] = [deferred<void>(), deferred<void>(), deferred<Request>()];
    let isHolding = false;
    const hold = async (route: Route, request: Request): Promise<void> => {
      if (request.method() !== method || isHolding) return route.continue();
      isHolding = true;
      const response = await route.fetch();
      arrival.settle();
      await release.promise;
      await route.fulfill({ response });
      answered.settle(request);
    };
    await page.route(SETTINGS, hold);
    const answer = async () => {
      release.settle();
      await (await (await answered.promise).response())?.finished();
      await page.unroute(SETTINGS, hold);
    };
    return { arrived: arrival.promise, answer };
  }

  async function expectFocus(label: string): Promise<void> {
    const id = await page.getByLabel(label, { exact: true }).getAttribute('id');
    await until(`${label} has the focus`, async () => (await page.evaluate('document.activeElement.id')) === id);
  }
});

test('under a base path, and with settings that the environment gives', async () => {
  await open({ basePath: '/audio', environment: { ARI_AUDIO_STREAM_STREAMING_SAMPLE_RATE: '24000' } });
  await signIn(page);
  await addressField(page).waitFor();
  expect(page.url()).toContain('/audio/');
  const rate = page.getByLabel('Sample Rate');
  expect(await rate.isDisabled()).toBe(true);
  const why = await rate.getAttribute('aria-describedby');
  expect(why).toContain('-why');
  await page.getByText(/Set by .*ARI_AUDIO_STREAM_STREAMING_SAMPLE_RATE/).waitFor();
});
