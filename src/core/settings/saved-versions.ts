/** What was saved on the page, and when: the newest versions, oldest first, of which the last one holds. */
import { differingKeys, type SavedKey, type SavedValues } from './saved-values.js';

export interface SavedVersion {
  /** Counts the changes from 1. */
  readonly revision: number;
  /** ISO 8601, UTC. */
  readonly savedAt: string;
  readonly savedBy: string;
  /** Against the version before. */
  readonly changed: readonly SavedKey[];
  readonly values: SavedValues;
}

export type SavedVersions = readonly SavedVersion[];

/** How many versions are kept. */
export const KEPT_VERSIONS = 10;

/** The values that hold. */
export function savedValues(versions: SavedVersions): SavedValues {
  return versions.at(-1)?.values ?? {};
}

/** The revision that holds; 0 when nothing was ever saved. */
export function revisionOf(versions: SavedVersions): number {
  return versions.at(-1)?.revision ?? 0;
}

/** The versions with a new one that holds from now on. */
export function withVersion(
  versions: SavedVersions,
  values: SavedValues,
  saved: { readonly at: string; readonly by: string },
): SavedVersions {
  const changed = differingKeys(savedValues(versions), values);
  const version = { revision: revisionOf(versions) + 1, savedAt: saved.at, savedBy: saved.by, changed, values };
  return [...versions, version].slice(-KEPT_VERSIONS);
}
