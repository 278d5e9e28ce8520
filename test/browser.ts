/** Debian's Chromium for tests: installed when it is missing, without a window, with a profile of its own that goes again. */
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { installMissing } from '../lab/asterisk/apt.js';
import { tryRun } from '../lab/asterisk/run.js';

const FLAGS = [
  '--headless',
  // As root there is no sandbox; only pages of our own are opened.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's plain system font would make poor pictures; with fonts-inter installed the page looks as on a desktop. */
const SYSTEM_FONTS = ['system-ui', 'sans', 'sans-serif'].map(
  (name) =>
    `<match target="pattern"><test name="family"><string>${name}</string></test>` +
    '<edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>',
);
const FONTS = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>${SYSTEM_FONTS.join('')}</fontconfig>`;

const STEP_LIMIT_MS = 10_000;

export class TestBrowser {
  readonly #context: BrowserContext;
  readonly #profile: string;

  private constructor(context: BrowserContext, profile: string) {
    this.#context = context;
    this.#profile = profile;
  }

  static async launch(options: BrowserContextOptions = {}): Promise<TestBrowser> {
    await installMissing({ chromium: 'chromium' }, () => undefined);
    const executablePath = (await tryRun('sh', ['-c', 'command -v chromium']))?.trim() ?? 'chromium';
    const profile = await mkdtemp(join(tmpdir(), 'ari-audio-stream-chromium-'));
    // Also when a test, or Ctrl-C, ends the process before close().
    process.once('exit', () => rmSync(profile, { recursive: true, force: true }));
    const fonts = join(profile, 'fonts.conf');
    try {
      await writeFile(fonts, FONTS);
      const context = await chromium.launchPersistentContext(profile, {
        executablePath,
        args: FLAGS,
        // Whatever it and the sound server leave in the folder for temporary files goes with the profile.
        env: { ...process.env, FONTCONFIG_FILE: fonts, TMPDIR: profile, PULSE_RUNTIME_PATH: join(profile, 'pulse') },
        locale: 'en-GB',
        ...options,
      });
      context.setDefaultTimeout(STEP_LIMIT_MS);
      return new TestBrowser(context, profile);
    } catch (error) {
      await rm(profile, { recursive: true, force: true });
      throw error;
    }
  }

  get context(): BrowserContext {
    return this.#context;
  }

  /** A page of its own. What goes wrong in it, or is refused by its content security policy, is kept in `faults`. */
  async open(address: string): Promise<{ page: Page; faults: string[] }> {
    const page = await this.#context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      // An answer with an error status is told of as an error here, too, and may be just what the test wants.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        faults.push(message.text());
    });
    await page.goto(address);
    return { page, faults };
  }

  async close(): Promise<void> {
    await this.#context.close().catch(() => undefined);
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 3 });
  }
}
