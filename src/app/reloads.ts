/** Settings that are read again while the add-on runs, on request: checked, told to the log, and handed to who uses them. */

import type { Log } from '../core/log.js';
import { changedKeys, settingsInForce } from '../core/settings/changed-settings.js';
import { describeProblem, type Problem } from '../core/settings/problem.js';
import { redactSettings } from '../core/settings/redact.js';
import type { SavedVersions } from '../core/settings/saved-versions.js';
import type { Settings } from '../core/settings/settings.js';
import type { AdjustableLog } from '../io/log.js';
import type { GoodSettings, LoadedSettings } from '../io/settings/load-settings.js';

/**
 * `applyToRunning`: running streams, too, take a new address, secret or rate at once.
 * What cannot change while the program runs is in the settings as it was at the start.
 */
export type ReloadListener = (settings: Settings, applyToRunning: boolean) => void;

/** Reads and checks all settings, with these versions in the place of those that are saved on the page. */
export type LoadSettings = (saved?: SavedVersions) => LoadedSettings;

export interface Reloads {
  /** There is one listener. It is told at once of a reload that came before it. */
  onReload(listener: ReloadListener): void;
}

/** What there is to know of settings that are good: what is still to be done on the page, and what it overrides. */
export function tellOfPage({ warnings, forPage }: GoodSettings, log: Log): void {
  const { 'web.cert': cert, 'web.listen': listen, 'web.basePath': path = '' } = forPage.values;
  const page = `${cert === undefined ? 'http' : 'https'}://${listen}${path}/`;
  for (const problem of warnings) log.warn(`${describeProblem(problem)}; or put it right on the page`, { page });
  if (forPage.overridden.length > 0) {
    log.info('what was saved on the page overrides the settings file', { keys: forPage.overridden });
  }
}

export class SettingsReloads implements Reloads {
  readonly #atStart: Settings;
  readonly #load: LoadSettings;
  readonly #log: AdjustableLog;
  #inForce: Settings;
  #loaded: GoodSettings;
  #listener: ReloadListener | undefined;
  /** A reload that came when nobody listened yet. */
  #waiting: { readonly applyToRunning: boolean } | undefined;

  /** The settings are those that the program was started with, and `load` reads them again. */
  constructor(loaded: GoodSettings, load: LoadSettings, log: AdjustableLog) {
    this.#atStart = loaded.settings;
    this.#inForce = loaded.settings;
    this.#loaded = loaded;
    this.#load = load;
    this.#log = log;
  }

  onReload(listener: ReloadListener): void {
    this.#listener = listener;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) listener(this.#inForce, waiting.applyToRunning);
  }

  /** The settings that were read last and are good, with what the page shows of them. */
  get loaded(): GoodSettings {
    return this.#loaded;
  }

  /** Those that hold: what cannot change while the program runs is as it was at the start. */
  get inForce(): Settings {
    return this.#inForce;
  }

  /** Reads and checks the settings and changes nothing; with other versions in the place of those that are saved. */
  readNow(saved?: SavedVersions): LoadedSettings {
    return this.#load(saved);
  }

  /** Reads the settings again. Faulty ones change nothing; returns what is wrong with them. */
  reload(applyToRunning: boolean): readonly Problem[] {
    const loaded = this.#load();
    if ('problems' in loaded) {
      this.#refuse(loaded.problems);
      return loaded.problems;
    }
    this.#loaded = loaded;
    this.#take(loaded.settings, applyToRunning);
    tellOfPage(loaded, this.#log);
    return [];
  }

  #refuse(problems: readonly Problem[]): void {
    this.#log.error('the settings were read again and are not valid: nothing is changed', {
      code: 'SETTINGS_INVALID',
      problems: problems.length,
    });
    for (const problem of problems) this.#log.error(describeProblem(problem));
  }

  #take(fresh: Settings, applyToRunning: boolean): void {
    const inForce = settingsInForce(this.#atStart, fresh);
    const changed = changedKeys(this.#inForce, inForce);
    const delayed = changedKeys(inForce, fresh);
    this.#inForce = inForce;
    this.#log.setLevel(inForce.log.level);

    this.#log.info('the settings were read again', { changed, applyToRunning });
    if (delayed.length > 0) this.#log.warn('takes effect at the next start', { changed: delayed });
    this.#log.debug('these settings hold now', redactSettings(inForce));

    if (this.#listener !== undefined) this.#listener(inForce, applyToRunning);
    else this.#waiting = { applyToRunning: applyToRunning || this.#waiting?.applyToRunning === true };
  }
}
