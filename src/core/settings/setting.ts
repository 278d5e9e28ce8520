/** What a setting may be: the kinds of rows that the table of settings is made of. */
import type { TextFormat } from './formats.js';

interface AnySetting {
  /** One or two sentences for people. */
  readonly help: string;
  /** The default in words, where it is not a plain value. */
  readonly otherwise?: string;
  /** Never shown, neither in messages nor in logs. */
  readonly isSecret?: true;
  /** When a change that is read while the program runs takes effect; at once when absent. */
  readonly effect?: 'next-start' | 'new-calls';
}

export interface TextSetting extends AnySetting {
  readonly kind: 'text';
  readonly format: TextFormat;
  readonly fallback?: string;
}

/** A path; one from the settings file is relative to that file's folder, any other to the working directory. */
export interface PathSetting extends AnySetting {
  readonly kind: 'path';
  readonly format: TextFormat;
  /** What becomes of the file: its content is another setting's value, or certificates; or only the path is of use. */
  readonly content?: 'asterisk.password' | 'streaming.secret.value' | 'certificates' | 'private-key';
}

export interface BooleanSetting extends AnySetting {
  readonly kind: 'boolean';
  readonly fallback: boolean;
}

export interface IntegerSetting extends AnySetting {
  readonly kind: 'integer';
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}

export interface ChoiceSetting extends AnySetting {
  readonly kind: 'choice';
  readonly unit?: string;
  readonly choices: readonly (string | number)[];
  readonly fallback: string | number;
}

export interface ListSetting extends AnySetting {
  readonly kind: 'list';
  readonly format: TextFormat;
  readonly fallback: readonly string[];
}

/**
 * Lists by name: `{"sales": ["1001"]}` in the file, `sales=1001` in a variable or flag. Until they are checked they are
 * pairs and no object, so that a hostile name (`__proto__`) is a name like any other, and one given twice is seen.
 */
export interface NamedListsSetting extends AnySetting {
  readonly kind: 'named-lists';
  readonly nameFormat: TextFormat;
  readonly format: TextFormat;
  readonly fallback: NamedLists;
}

export type NamedLists = readonly (readonly [name: string, items: readonly string[]])[];

export type Setting =
  | TextSetting
  | PathSetting
  | BooleanSetting
  | IntegerSetting
  | ChoiceSetting
  | ListSetting
  | NamedListsSetting;
