/** The settings file: JSON, one object. */
import { dirname, resolve } from 'node:path';
import { findJsonFault } from '../../core/settings/json-fault.js';
import type { Problem } from '../../core/settings/problem.js';
import { kindOf } from '../../core/settings/setting-value.js';
import { type SettingKey, settingAt } from '../../core/settings/settings-table.js';
import { readTree } from '../../core/settings/settings-tree.js';
import type { Layer } from './convict-values.js';
import { readTextFile } from './file-content.js';

export interface SettingsFile {
  readonly layer: Layer;
  readonly problems: readonly Problem[];
  /** Whether what is not in the layer is not in the file either. */
  readonly isReadable: boolean;
}

/** What the file gives, and what in it is no setting; a file that cannot be read gives nothing but one problem. */
export function readSettingsFile(path: string): SettingsFile {
  const file = readTextFile(path);
  if (!('text' in file)) return unreadable(file.wrong);
  const tree = parse(file.text);
  if ('wrong' in tree) return unreadable(`${tree.wrong}: ${path}`);

  const { layer, problems } = readSettingsObject(tree.object, `file ${path}`);
  const placed = new Map([...layer].map(([key, value]) => [key, fromFolder(dirname(path), key, value)]));
  return { layer: placed, problems, isReadable: true };
}

/** The same of an object that is in hand already; `origin` is told with each problem. */
export function readSettingsObject(object: object, origin: string | undefined): SettingsFile {
  const { values, strangers } = readTree(object);
  const problems = strangers.map(({ key, wrong, advice, meant }) => ({ key, origin, wrong, allowed: advice, meant }));
  return { layer: values, problems, isReadable: true };
}

function unreadable(wrong: string): SettingsFile {
  const problem = { key: '--config', origin: undefined, wrong, allowed: undefined };
  return { layer: new Map(), problems: [problem], isReadable: false };
}

function parse(text: string): { object: object } | { wrong: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The message of JSON.parse would quote the file, and there may be a password just there.
    const fault = findJsonFault(text);
    return { wrong: `names a file that is not JSON from line ${fault?.line}, column ${fault?.column} on` };
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject
    ? { object: value as object }
    : { wrong: `names a file that holds ${kindOf(value)}, not an object of settings` };
}

/** A path in the file means the same from wherever the program is started. */
function fromFolder(folder: string, key: SettingKey, value: unknown): unknown {
  return settingAt(key).kind === 'path' && typeof value === 'string' ? resolve(folder, value) : value;
}
