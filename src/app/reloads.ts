/** Settings that are read again while the add-on runs, on request: checked, told to the log, and handed to who uses them. */
import { changedKeys, settingsInForce } from '../core/settings/changed-settings.js';
import { describeProblem, type Problem } from '../core/settings/problem.js';
import { redactSettings } from '../core/settings/redact.js';
import type { Settings } from '../core/settings/settings.js';
import type { AdjustableLog } from '../io/log.js';
import type { LoadedSettings } from '../io/settings/load-settings.js';

/**
 * `applyToRunning`: running streams, too, take a new address, secret or rate at once.
 * What cannot change while the program runs is in the settings as it was at the start.
 */
export type ReloadListener = (settings: Settings, applyToRunning: boolean) => void;

export interface Reloads {
  /** There is one listener. It is told at once of a reload that came before it. */
  onReload(listener: ReloadListener): void;
}

export class SettingsReloads implements Reloads {
  readonly #atStart: Settings;
  readonly #load: () => LoadedSettings;
  readonly #log: AdjustableLog;
  #inForce: Settings;
  #listener: ReloadListener | undefined;
  /** A reload that came when nobody listened yet. */
  #waiting: { readonly applyToRunning: boolean } | undefined;

  /** The settings are those that the program was started with, and `load` reads them again. */
  constructor(settings: Settings, load: () => LoadedSettings, log: AdjustableLog) {
    this.#atStart = settings;
    this.#inForce = settings;
    this.#load = load;
    this.#log = log;
  }

  onReload(listener: ReloadListener): void {
    this.#listener = listener;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) listener(this.#inForce, waiting.applyToRunning);
  }

  /** Reads the settings again. Faulty ones change nothing. */
  reload(applyToRunning: boolean): void {
    const loaded = this.#load();
    if ('problems' in loaded) this.#refuse(loaded.problems);
    else this.#take(loaded.settings, applyToRunning);
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
