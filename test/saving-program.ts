/** A program that saves settings, for tests: real files in a folder of its own, and no Asterisk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsReloads } from '../src/app/reloads.js';
import { SettingsChanges } from '../src/app/settings-changes.js';
import type { LogFields } from '../src/core/log.js';
import type { SavedVersions } from '../src/core/settings/saved-versions.js';
import type { Settings } from '../src/core/settings/settings.js';
import type { AdjustableLog } from '../src/io/log.js';
import { loadSettings } from '../src/io/settings/load-settings.js';
import { writeSavedSettings } from '../src/io/settings/saved-settings.js';
import type { StreamingForm } from '../src/io/web/contract/settings.js';
import type { ChangeDone } from '../src/io/web/settings-routes.js';

/** What its settings file holds at first. The secret of `valueFile` is hunter2. */
export const SETTINGS_FILE = {
  asterisk: { password: 'hush-hush' },
  streaming: { serverAddress: 'ws://from.file', sampleRate: 16000, secret: { name: 'X-Key', valueFile: 'secret' } },
  calls: { extensionGroups: { sales: ['1001'] } },
};

export class SavingProgram {
  readonly folder = mkdtempSync(join(tmpdir(), 'saving-program-'));
  readonly stateDir = join(this.folder, 'state');
  environment: Record<string, string> = {};
  /** What was handed on to the streaming, with whether running calls take it, too. */
  readonly applied: [Settings, boolean][] = [];
  readonly logged: string[] = [];
  write = (versions: SavedVersions): Promise<void> => writeSavedSettings(this.stateDir, versions);

  constructor() {
    writeFileSync(join(this.folder, 'secret'), 'hunter2\n');
    this.writeFile(SETTINGS_FILE);
  }

  writeFile(content: unknown): void {
    writeFileSync(join(this.folder, 'config.json'), JSON.stringify(content));
  }

  /** Starts it, or starts it again. */
  start(): { reloads: SettingsReloads; changes: SettingsChanges } {
    const { environment, stateDir } = this;
    const file = join(this.folder, 'config.json');
    const load = (saved?: SavedVersions) => loadSettings({ file, environment, flags: new Map(), stateDir, saved });
    const loaded = load();
    if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
    const reloads = new SettingsReloads(loaded, load, this.#log());
    reloads.onReload((settings, applyToRunning) => this.applied.push([settings, applyToRunning]));
    const now = () => new Date('2026-11-22T12:00:00Z');
    const write = (versions: SavedVersions) => this.write(versions);
    return { reloads, changes: new SettingsChanges({ reloads, write, runningCalls: () => 3, now }) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  #log(): AdjustableLog {
    const line = (message: string, fields: LogFields = {}): void =>
      void this.logged.push(`${message} ${JSON.stringify(fields)}`);
    return { error: line, warn: line, info: line, debug: line, isDebugEnabled: () => true, setLevel: () => undefined };
  }
}

/** The form as the page would send it, with these changes. */
export function formOf(changes: SettingsChanges, changed: Partial<StreamingForm> = {}): StreamingForm {
  const { secretIsSet: _, ...streaming } = changes.present().streaming;
  return { ...streaming, ...changed };
}

export async function save(
  changes: SettingsChanges,
  changed: Partial<StreamingForm>,
  applyToRunning = false,
): Promise<ChangeDone> {
  const { revision } = changes.present();
  return changes.save({ revision, streaming: formOf(changes, changed), applyToRunning }, 'anna');
}
