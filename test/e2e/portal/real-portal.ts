/**
 * The real portal with real accounts, settings, files and page, in a browser's reach. It has no Asterisk behind it: the
 * calls, the endpoints and the health are given by the test, whose subject they are not.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { projectRoot } from '../../../lab/project-root.js';
import { connectionTests } from '../../../src/app/connection-test.js';
import type { SettingsChanges } from '../../../src/app/settings-changes.js';
import type { LiveMessage } from '../../../src/io/web/contract/live.js';
import { healthRoutes } from '../../../src/io/web/health-routes.js';
import { liveRoutes } from '../../../src/io/web/live-routes.js';
import { settingsRoutes } from '../../../src/io/web/settings-routes.js';
import { subscriptionRoutes } from '../../../src/io/web/subscription-routes.js';
import { StandInContent } from '../../portal-stand-in-content.js';
import { ADMIN, RunningPortal } from '../../running-portal.js';
import { SavingProgram } from '../../saving-program.js';

export class RealPortal {
  readonly running: RunningPortal;
  readonly changes: SettingsChanges;
  readonly #program: SavingProgram;

  private constructor(running: RunningPortal, changes: SettingsChanges, program: SavingProgram) {
    this.running = running;
    this.changes = changes;
    this.#program = program;
  }

  /** `bare`: nobody has an account yet. */
  static async open(
    choices: { isBare?: boolean; basePath?: string; environment?: Record<string, string> } = {},
  ): Promise<RealPortal> {
    const program = new SavingProgram();
    program.environment = choices.environment ?? {};
    const { reloads, changes } = program.start();
    const content = new StandInContent();
    const watchers = new Set<(message: LiveMessage) => void>();
    const live = {
      watch: (send: (message: LiveMessage) => void) => {
        send({ kind: 'calls', calls: [] });
        watchers.add(send);
        return () => watchers.delete(send);
      },
    };
    const routes = [
      settingsRoutes(
        {
          present: () => changes.present(),
          versions: () => changes.versions(),
          restore: (...args) => changes.restore(...args),
          save: async (change, by) => {
            const done = await changes.save(change, by);
            for (const send of watchers) send({ kind: 'settings', revision: changes.present().revision, savedBy: by });
            return done;
          },
        },
        connectionTests(() => reloads.inForce),
      ),
      subscriptionRoutes({ objects: async () => content.objects }),
      healthRoutes({ health: () => content.health, logLines: () => content.log }),
      liveRoutes(live, { listen: () => undefined }),
    ];
    const pages = join(projectRoot(), 'dist', 'web');
    const options = { routes, pages, ...(choices.basePath === undefined ? {} : { basePath: choices.basePath }) };
    const running = await (choices.isBare ? RunningPortal.bare(options) : RunningPortal.open(options));
    return new RealPortal(running, changes, program);
  }

  get address(): string {
    return this.running.portal.address;
  }

  async close(): Promise<void> {
    await this.running.close();
    this.#program.remove();
  }
}

export async function signIn(page: Page, { name, password } = ADMIN): Promise<void> {
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export const saveButton = (page: Page) => page.getByRole('button', { name: 'Save', exact: true });
export const addressField = (page: Page) => page.getByLabel('Server Address', { exact: true });

/** The words of the news at the edge of the page. */
export const news = (page: Page) => page.locator('.toasts');
