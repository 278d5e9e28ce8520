/** The layer of what was saved on the page: which values it gives, and which it cannot since somebody above decides them. */
import type { Problem } from '../../core/settings/problem.js';
import { decidersOf, SAVED_KEYS, type SavedKey, savedLayer } from '../../core/settings/saved-values.js';
import { type SavedVersions, savedValues } from '../../core/settings/saved-versions.js';
import { faultIn } from '../../core/settings/setting-value.js';
import { type SettingKey, settingAt } from '../../core/settings/settings-table.js';
import { defaultStateDir } from '../../core/settings/state-dir.js';
import type { Layer } from './convict-values.js';
import type { Environment } from './environment.js';
import { readSavedSettings, savedSettingsPath } from './saved-settings.js';

export interface PageLayer {
  readonly layer: Layer;
  readonly versions: SavedVersions;
  readonly problems: readonly Problem[];
  /** The file that it is kept in. */
  readonly path: string;
  /** What the environment or a flag decides, with the name of that. */
  readonly locked: ReadonlyMap<SavedKey, string>;
}

/**
 * `given` stands in the place of what the folder has. `originAbove` names the variable or the flag that gives a setting.
 * Where it is not known which folder, there is nothing.
 */
export function readPageLayer(
  stateDir: string | undefined,
  given: SavedVersions | undefined,
  originAbove: (key: SettingKey) => string | undefined,
): PageLayer {
  const file =
    given !== undefined ? { versions: given } : stateDir !== undefined ? readSavedSettings(stateDir) : { versions: [] };
  const versions = 'versions' in file ? file.versions : [];
  return {
    layer: savedLayer(savedValues(versions), (key) => originAbove(key) !== undefined),
    versions,
    problems: 'problem' in file ? [file.problem] : [],
    path: stateDir === undefined ? '' : savedSettingsPath(stateDir),
    locked: new Map(
      SAVED_KEYS.flatMap((key) => {
        const origin = decidersOf(key).map(originAbove).find(Boolean);
        return origin === undefined ? [] : [[key, origin] as const];
      }),
    ),
  };
}

/** The folder that these layers, the first on top, name; nothing where that is no path, which is told as a problem of its own. */
export function stateDirIn(layers: readonly Layer[], environment: Environment): string | undefined {
  const given = layers.map((layer) => layer.get('stateDir')).find((value) => value !== undefined);
  if (given === undefined) return defaultStateDir(environment);
  return typeof given === 'string' && faultIn(settingAt('stateDir'), given) === undefined ? given : undefined;
}
