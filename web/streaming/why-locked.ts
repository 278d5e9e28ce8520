/** Why a field can't be changed here: the account may only look, or its value is given elsewhere. */
import { mayChange, READ_ONLY } from '../session/session.js';
import type { FieldName } from './form-state.js';
import { originOf } from './streaming-form.js';

export function whyLocked(name: FieldName): string | undefined {
  const origin = originOf(name);
  if (origin !== undefined) return `Set by ${originInWords(origin)}, so it can't be changed here.`;
  return mayChange.value ? undefined : READ_ONLY;
}

/** The program names it `environment NAME` or `flag --name`. */
export function originInWords(origin: string): string {
  return origin.replace(/^environment /, 'the environment variable ').replace(/^flag /, 'the flag ');
}
