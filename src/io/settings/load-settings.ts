/** The settings to run with, or all that is wrong with them. */
import type { Problem } from '../../core/settings/problem.js';
import { SAVED_KEYS, type SavedKey } from '../../core/settings/saved-values.js';
import type { SavedVersions } from '../../core/settings/saved-versions.js';
import { type Settings, type SettingValues, settingsFrom } from '../../core/settings/settings.js';
import { defaultStateDir } from '../../core/settings/state-dir.js';
import { readSettings, type SettingSources } from './read-settings.js';

export interface GoodSettings {
  readonly settings: Settings;
  /** What is wrong, but can be put right on the page. */
  readonly warnings: readonly Problem[];
  readonly forPage: PageSettings;
}

/** What the page shows beside the settings: where they come from. */
export interface PageSettings {
  /** Complete; secrets that a file holds are in their place. */
  readonly values: SettingValues;
  readonly saved: SavedVersions;
  /** What cannot be saved, since a variable or a flag decides it; with the name of that. */
  readonly locked: ReadonlyMap<SavedKey, string>;
  /** What both the settings file and the page give: the page's holds. */
  readonly overridden: readonly SavedKey[];
}

export type LoadedSettings = GoodSettings | { readonly problems: readonly Problem[] };

/** Reads and checks everything; returns the settings, or all that is wrong with them. */
export function loadSettings(sources: SettingSources): LoadedSettings {
  const { values, problems, warnings, fromFile, fromPage } = readSettings(sources);
  if (problems.length > 0) return { problems };
  return {
    settings: settingsFrom(values, { defaultStateDir: defaultStateDir(sources.environment) }),
    warnings,
    forPage: {
      values,
      saved: fromPage.versions,
      locked: fromPage.locked,
      overridden: SAVED_KEYS.filter((key) => fromPage.layer.has(key) && fromFile.has(key)),
    },
  };
}
