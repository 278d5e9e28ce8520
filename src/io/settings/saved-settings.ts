/** The file of what was saved on the page: `settings.json` in the folder for state, secrets included, for its owner only. */
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { findJsonFault } from '../../core/settings/json-fault.js';
import type { Problem } from '../../core/settings/problem.js';
import { SAVED_KEYS, type SavedValue } from '../../core/settings/saved-values.js';
import { KEPT_VERSIONS, type SavedVersions } from '../../core/settings/saved-versions.js';
import { writePrivateJsonFile } from '../json-file.js';
import { reasonOf } from './file-content.js';

/** One check for a whole list: ten versions with thousands of names each are read while audio is to be on time. */
const Value = z.custom<SavedValue>(
  (value) =>
    value === null ||
    ['boolean', 'number', 'string'].includes(typeof value) ||
    (Array.isArray(value) && value.every((item) => typeof item === 'string')),
);

const Version = z.strictObject({
  revision: z.number().int().positive(),
  savedAt: z.iso.datetime(),
  savedBy: z.string(),
  changed: z.array(z.enum(SAVED_KEYS)),
  values: z.partialRecord(z.enum(SAVED_KEYS), Value),
});

/** The number tells a later version of this program how to read the rest. */
const FORMAT = 1;

const Content = z.strictObject({
  format: z.literal(FORMAT),
  versions: z
    .array(Version)
    .max(KEPT_VERSIONS)
    .refine((versions) => versions.every(({ revision }, index) => revision > (versions[index - 1]?.revision ?? 0))),
});

export type SavedSettingsFile = { readonly versions: SavedVersions } | { readonly problem: Problem };

export function savedSettingsPath(stateDir: string): string {
  return join(stateDir, 'settings.json');
}

/** All versions, or none when nothing was ever saved. A file that is there and no good is never passed over. */
export function readSavedSettings(stateDir: string): SavedSettingsFile {
  const path = savedSettingsPath(stateDir);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return { versions: [] };
    return unusable(`holds saved settings that cannot be read (${reasonOf(error)}): ${path}`, 'let this user read it');
  }
  const content = parse(text);
  if ('wrong' in content) {
    const advice = 'put back a good copy, or move the file away: then nothing that was saved on the page holds';
    return unusable(`holds saved settings that ${content.wrong}: ${path}`, advice);
  }
  return content;
}

/** Creates the folder if need be. A reader, or a run after a crash, finds the old versions or the new ones. */
export async function writeSavedSettings(stateDir: string, versions: SavedVersions): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  await writePrivateJsonFile(savedSettingsPath(stateDir), { format: FORMAT, versions });
}

function parse(text: string): { versions: SavedVersions } | { wrong: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The message of JSON.parse would quote the file, and there may be a secret just there.
    const fault = findJsonFault(text);
    return { wrong: `are not JSON from line ${fault?.line}, column ${fault?.column} on` };
  }
  const { data, error } = Content.safeParse(value);
  if (data !== undefined) return { versions: data.versions };
  const place = error?.issues[0]?.path.join('.') ?? '';
  return { wrong: `this program did not write like this${place === '' ? '' : `, at ${place}`}` };
}

function unusable(wrong: string, allowed: string): SavedSettingsFile {
  return { problem: { key: 'stateDir', origin: undefined, wrong, allowed } };
}

function isMissing(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
