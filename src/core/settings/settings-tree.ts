/** Turns the object of a settings file into values by key, and names everything in it that is not a setting. */
import { kindOf } from './setting-value.js';
import { SETTING_KEYS, SETTINGS, type SettingKey, settingAt } from './settings-table.js';
import { similarName } from './similar-name.js';

export interface Stranger {
  readonly key: string;
  readonly wrong: string;
  readonly advice: string | undefined;
  /** The setting that was probably meant, when it is one and not a group. */
  readonly meant: SettingKey | undefined;
}

/** Longer names are cut: nobody wants to read them, and comparing them with all settings takes time. */
const MAX_SHOWN_CHARACTERS = 80;

const GROUPS: ReadonlySet<string> = new Set(
  SETTING_KEYS.flatMap((key) => {
    const parts = key.split('.');
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
  }),
);

/**
 * Walks the object. Only keys of the table come out of it, so that a hostile key (`__proto__`) goes no further than
 * the list of strangers. An empty text counts as not given.
 */
export function readTree(tree: object): { values: Map<SettingKey, unknown>; strangers: Stranger[] } {
  const values = new Map<SettingKey, unknown>();
  const strangers: Stranger[] = [];

  const walk = (group: object, prefix: string): void => {
    for (const [name, value] of Object.entries(group)) {
      const key = `${prefix}${name}`;
      // A dot in a name would let {"a.b": 1} pass for {"a": {"b": 1}}, and both could be there.
      const kind = name.includes('.') ? 'stranger' : kindOfKey(key);
      if (kind === 'group' && isObject(value)) walk(value, `${key}.`);
      else if (isSettingKey(key) && kind === 'setting' && isOfShape(key, value)) take(key, value);
      else strangers.push(strangerOf(key, kind, value));
    }
  };
  const take = (key: SettingKey, value: unknown): void => {
    if (value !== '') values.set(key, isObject(value) ? Object.entries(value) : value);
  };
  walk(tree, '');
  return { values, strangers };
}

/** Whether this is a key of the table, and not merely a name that every object has. */
export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

function kindOfKey(key: string): 'setting' | 'group' | 'stranger' {
  if (isSettingKey(key)) return 'setting';
  return GROUPS.has(key) ? 'group' : 'stranger';
}

function strangerOf(key: string, kind: 'setting' | 'group' | 'stranger', value: unknown): Stranger {
  if (kind === 'setting') {
    const advice =
      value === null
        ? 'leave it out instead'
        : isSettingKey(key) && hasNames(key)
          ? 'it takes an object of lists'
          : 'it takes a plain value';
    return { key, wrong: `is ${kindOf(value)}`, advice, meant: undefined };
  }
  if (kind === 'group') {
    return { key, wrong: `is ${kindOf(value)}`, advice: 'allowed: an object of settings', meant: undefined };
  }
  const meant = key.length > MAX_SHOWN_CHARACTERS ? undefined : meantBy(key);
  const question = meant === undefined ? undefined : `did you mean ${meant}?`;
  return {
    key: key.slice(0, MAX_SHOWN_CHARACTERS),
    wrong: 'is not a setting',
    advice: meant === key && isSettingKey(key) ? `write it as ${nested(key)}` : question,
    meant: meant !== undefined && isSettingKey(meant) ? meant : undefined,
  };
}

/** The setting or group that is probably meant: the key itself but for its dots, a near name beside it, or one elsewhere. */
function meantBy(key: string): string | undefined {
  if (isSettingKey(key)) return key;
  const groupLength = key.lastIndexOf('.') + 1;
  const prefix = key.slice(0, groupLength);
  const siblings = [...SETTING_KEYS, ...GROUPS].filter((other) => other.lastIndexOf('.') + 1 === groupLength);
  const names = siblings.filter((other) => other.startsWith(prefix)).map((other) => other.slice(groupLength));
  const near = similarName(key.slice(groupLength), names);
  return near === undefined ? misplaced(key) : `${prefix}${near}`;
}

/** A right name in a wrong group, such as `sampleRate` without `streaming`; where two groups have it, none is meant. */
function misplaced(key: string): string | undefined {
  const last = key.split('.').at(-1);
  const homes = SETTING_KEYS.filter((candidate) => candidate.split('.').at(-1) === last);
  return homes.length === 1 ? homes[0] : undefined;
}

function nested(key: SettingKey): string {
  return key
    .split('.')
    .reverse()
    .reduce((inner, name) => `{"${name}": ${inner}}`, '…');
}

/** An object for lists by name, none for any other; never null, of which nobody knows whether it means the default. */
function isOfShape(key: SettingKey, value: unknown): boolean {
  if (value === '') return true;
  return isObject(value) === hasNames(key) && value !== null;
}

function hasNames(key: SettingKey): boolean {
  return settingAt(key).kind === 'named-lists';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
