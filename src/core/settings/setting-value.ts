/** One setting's value: read from the text of a flag or variable, checked, and described. */
import { visibleText } from '../visible-text.js';
import type { NamedListsSetting, Setting } from './setting.js';

const MAX_SHOWN_CHARACTERS = 60;
const BOOLEAN_WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  '1': true,
  false: false,
  no: false,
  off: false,
  '0': false,
};

/** Turns the text of a flag or an environment variable into the kind of the setting; what cannot be turned stays text. */
export function readText(setting: Setting, text: string): unknown {
  switch (setting.kind) {
    case 'boolean': {
      const word = text.toLowerCase();
      return Object.hasOwn(BOOLEAN_WORDS, word) ? BOOLEAN_WORDS[word] : text;
    }
    case 'integer':
      return /^-?\d+$/.test(text) ? Number(text) : text;
    case 'choice':
      return setting.choices.find((choice) => String(choice) === text) ?? text;
    case 'list':
      return text.split(',').map((item) => item.trim());
    case 'named-lists':
      return text.split(',').map(readNamedList);
    default:
      return text;
  }
}

/** What is wrong with a value, or nothing. The value is shown only where it cannot be a secret. */
export function faultIn(setting: Setting, value: unknown): string | undefined {
  switch (setting.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `is ${show(value)}`;
    case 'integer': {
      const isInRange = Number.isInteger(value) && Number(value) >= setting.min && Number(value) <= setting.max;
      return isInRange ? undefined : `is ${show(value)}`;
    }
    case 'choice':
      return setting.choices.some((choice) => choice === value) ? undefined : `is ${show(value)}`;
    case 'list':
      return faultInList(setting.format.faultIn, value);
    case 'named-lists':
      return faultInNamedLists(setting, value);
    default:
      return typeof value === 'string' ? setting.format.faultIn(value) : `is ${kindOf(value)}, not text`;
  }
}

/** What a setting may be, as it stands behind "allowed:". */
export function allowedBy(setting: Setting): string {
  switch (setting.kind) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number from ${setting.min} to ${setting.max} (${setting.unit})`;
    case 'choice':
      return `${setting.choices.slice(0, -1).join(', ')} or ${setting.choices.at(-1)}${setting.unit === undefined ? '' : ` (${setting.unit})`}`;
    case 'list':
      return `a list of ${setting.format.allowed}`;
    case 'named-lists':
      return `lists by name: {"sales": ["1001", "_20XX"]} in the file, sales=1001|_20XX,support=1005 in a variable or flag; a name has ${setting.nameFormat.allowed}, and its items are ${setting.format.allowed}`;
    default:
      return setting.format.allowed;
  }
}

/** What kind of JSON value this is, in words. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a number',
    boolean: 'true or false',
    object: 'an object',
  };
  return names[typeof value] ?? 'of an unknown kind';
}

/** `sales=1001|_20XX`; what has no `=` stays a name without a list, which is a fault. */
function readNamedList(text: string): readonly [string, unknown] {
  const [, name = text, items] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (items === undefined) return [name.trim(), undefined];
  return [name.trim(), items.trim() === '' ? [] : items.split('|').map((item) => item.trim())];
}

function faultInList(faultInItem: (text: string) => string | undefined, value: unknown): string | undefined {
  if (!Array.isArray(value)) return `is ${kindOf(value)}, not a list`;
  const faults = value.flatMap((item: unknown, index) => {
    const fault = typeof item === 'string' ? faultInItem(item) : `is ${kindOf(item)}, not text`;
    return fault === undefined ? [] : [`item ${index + 1} ${fault}`];
  });
  return faults.length === 0 ? undefined : faults.join(', ');
}

function faultInNamedLists({ nameFormat, format }: NamedListsSetting, value: unknown): string | undefined {
  // What is not pairs comes from no reader of ours: settings-tree lets only objects through.
  if (!Array.isArray(value)) return `is ${kindOf(value)}, not lists by name`;
  const pairs = value as readonly (readonly [string, unknown])[];
  const faults = pairs.flatMap(([name, items], index) => {
    const isTwice = pairs.findIndex(([other]) => other === name) < index;
    const nameFault = nameFormat.faultIn(name) ?? (isTwice ? 'is there twice' : undefined);
    const listFault = items === undefined ? 'has no list: write NAME=ITEM|ITEM' : faultInList(format.faultIn, items);
    return [nameFault, listFault].filter((fault) => fault !== undefined).map((fault) => `${show(name)} ${fault}`);
  });
  return faults.length === 0 ? undefined : faults.join(', ');
}

function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) return kindOf(value);
  if (typeof value !== 'string') return String(value);
  const shown = value.length > MAX_SHOWN_CHARACTERS ? `${value.slice(0, MAX_SHOWN_CHARACTERS)}…` : value;
  return visibleText(JSON.stringify(shown));
}
