/** What is chosen in one list of the Subscription Object, and what the search in it finds. */
import { kindOf } from './name-entry.js';

export interface Choice {
  readonly name: string;
  /** Such as `PJSIP · online`, or the members of a group. */
  readonly words: string;
}

/** Found by each word of the search, in the name or what is said of it. */
export function found(choices: readonly Choice[], search: string): Choice[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return choices.filter(({ name, words: said }) => {
    const text = `${name} ${said}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function withName(chosen: readonly string[], name: string, isIn: boolean): string[] {
  const others = chosen.filter((other) => other !== name);
  return isIn ? [...others, name] : others;
}

export function withAll(chosen: readonly string[], names: readonly string[], areIn: boolean): string[] {
  const others = chosen.filter((name) => !names.includes(name));
  return areIn ? [...others, ...names] : others;
}

/** `12 chosen and 2 patterns`, `all`, `none`. */
export function summaryOf(chosen: readonly string[]): string {
  if (chosen.includes('*')) return 'all';
  const patterns = chosen.filter((entry) => kindOf(entry) === 'pattern').length;
  const names = chosen.length - patterns;
  const parts = [
    names === 0 ? '' : `${names} chosen`,
    patterns === 0 ? '' : `${patterns} ${patterns === 1 ? 'pattern' : 'patterns'}`,
  ];
  return parts.filter((part) => part !== '').join(' and ') || 'none chosen';
}
