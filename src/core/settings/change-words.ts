/** A change of settings in words, for the audit trail: old and new value of each key, and of secrets only that there is one. */
import { shownAddress } from './redact.js';
import type { SavedKey, SavedValue, SavedValues } from './saved-values.js';
import { settingAt } from './settings-table.js';

/** Longer lists are told by what came and went; longer texts than this are cut. */
const MAX_SHOWN_NAMES = 20;
const MAX_SHOWN_CHARACTERS = 300;

/** `streaming.sampleRate: 8000 → 16000; …`. */
export function changeInWords(keys: readonly SavedKey[], before: SavedValues, after: SavedValues): string {
  return keys.map((key) => `${key}: ${oneChange(key, before[key], after[key])}`).join('; ');
}

function oneChange(key: SavedKey, before: SavedValue | undefined, after: SavedValue | undefined): string {
  if (isNames(before) && isNames(after)) return changeOfNames(before, after);
  const [was, is] = [shown(key, before), shown(key, after)];
  // Two secrets, or two addresses that differ behind the question mark.
  return was === is ? `${was} → another` : `${was} → ${is}`;
}

function changeOfNames(before: readonly string[], after: readonly string[]): string {
  const came = after.filter((name) => !before.includes(name)).map((name) => `+${name}`);
  const went = before.filter((name) => !after.includes(name)).map((name) => `-${name}`);
  const changes = [...came, ...went];
  if (changes.length === 0) return 'another order';
  const more = changes.length > MAX_SHOWN_NAMES ? ` and ${changes.length - MAX_SHOWN_NAMES} more` : '';
  return cut(`${changes.slice(0, MAX_SHOWN_NAMES).join(' ')}${more}`);
}

function shown(key: SavedKey, value: SavedValue | undefined): string {
  if (value === undefined || value === null) return 'none';
  if (settingAt(key).isSecret) return '(set)';
  return cut(key === 'streaming.serverAddress' ? shownAddress(String(value)) : String(value));
}

function isNames(value: SavedValue | undefined): value is readonly string[] {
  return Array.isArray(value);
}

function cut(text: string): string {
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}
