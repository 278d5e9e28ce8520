/** The form as it is now, outside of the view, so that it outlives a lost session and a look at another view. */
import { computed, signal } from '@preact/signals';
import type { SavedChange, SavedSettings } from '../../src/io/web/contract/settings.js';
import { RequestFailed } from '../api/request.js';
import { readSettings, saveSettings } from '../api/settings.js';
import { numberOf } from '../words/amounts.js';
import { type FieldProblems, problemsIn } from './form-problems.js';
import {
  differences,
  type FieldName,
  type FormValues,
  fieldAt,
  formOf,
  joined,
  pathOf,
  valuesOf,
} from './form-state.js';

/** What holds, as it was when the form was filled from it. */
export const saved = signal<SavedSettings | undefined>(undefined);
export const values = signal<FormValues | undefined>(undefined);
export const shownProblems = signal<FieldProblems>({});
/** What was wrong with the request as a whole. */
export const formProblem = signal<string | undefined>(undefined);
export const applyToRunning = signal(false);
/** What somebody else saved after this form was filled. */
export const theirs = signal<SavedSettings | undefined>(undefined);
/** Whether the question of what to do about it is on the screen: on Save, or when asked for; never in the middle of typing. */
export const isConflictShown = signal(false);

const base = computed(() => (saved.value === undefined ? undefined : valuesOf(saved.value)));
export const changed = computed<readonly FieldName[]>(() =>
  base.value === undefined || values.value === undefined ? [] : differences(base.value, values.value),
);
export const isDirty = computed(() => changed.value.length > 0);

export function fill(settings: SavedSettings): void {
  saved.value = settings;
  values.value = valuesOf(settings);
  shownProblems.value = {};
  formProblem.value = undefined;
  applyToRunning.value = false;
  theirs.value = undefined;
  isConflictShown.value = false;
}

/** Fills the form, unless there is something in it that is not saved. */
export async function load(): Promise<void> {
  if (!isDirty.value) take(await readSettings());
}

/** Whoever signs in next begins with what is saved. */
export function forget(): void {
  saved.value = undefined;
  values.value = undefined;
  theirs.value = undefined;
  isConflictShown.value = false;
}

export function discard(): void {
  if (saved.value !== undefined) fill(theirs.value ?? saved.value);
}

export function change(part: Partial<FormValues>): void {
  if (values.value === undefined) return;
  values.value = { ...values.value, ...part };
  // A problem goes as soon as its field is worked on; it comes back, if it must, on Save.
  const rest = { ...shownProblems.value };
  for (const name of Object.keys(part)) delete rest[name as FieldName];
  shownProblems.value = rest;
}

/** Where a field that can't be changed here has its value from. */
export function originOf(name: FieldName): string | undefined {
  return saved.value?.locked[pathOf(name)];
}

export type SaveResult = 'saved' | 'problems' | 'conflict';

export async function save(): Promise<{ result: SaveResult; words: string }> {
  const form = values.value;
  const current = saved.value;
  if (form === undefined || current === undefined) return { result: 'problems', words: '' };
  formProblem.value = undefined;
  shownProblems.value = problemsIn(form, current.streaming.secretIsSet);
  if (Object.keys(shownProblems.value).length > 0) return { result: 'problems', words: wordsOfProblems() };
  try {
    const { revision, basis } = current;
    const change = { revision, basis, streaming: formOf(form), applyToRunning: applyToRunning.value };
    const done = await saveSettings(change);
    const words = wordsOf(done, change.applyToRunning);
    fillBeneath(done.settings, form);
    return { result: 'saved', words };
  } catch (cause) {
    if (!(cause instanceof RequestFailed)) throw cause;
    if (cause.status === 409) {
      theirs.value = await readSettings();
      isConflictShown.value = true;
      return { result: 'conflict', words: cause.message };
    }
    takeProblems(cause);
    return { result: 'problems', words: cause.message };
  }
}

/** After a conflict: what I changed stays changed, on top of what they saved. */
export function keepMine(): void {
  if (theirs.value !== undefined && base.value !== undefined) fillBeneath(theirs.value, base.value);
}

/** Fills the form; in what it differs from `former` it stays as it is: that was typed meanwhile. */
function fillBeneath(settings: SavedSettings, former: FormValues): void {
  const typed = values.value ?? former;
  fill(settings);
  values.value = joined(former, typed, valuesOf(settings));
}

/** Somebody saved; a form without changes just shows it. */
export async function onSavedElsewhere(revision: number): Promise<void> {
  if (saved.value === undefined || saved.value.revision >= revision) return;
  const next = await readSettings();
  // It may have been this page's own save, whose answer came meanwhile.
  if (saved.value.revision < next.revision) take(next);
}

/** What was read; somebody may have typed since it was asked for. */
function take(next: SavedSettings): void {
  if (!isDirty.value) fill(next);
  else if (next.revision !== saved.value?.revision) theirs.value = next;
}

function takeProblems(cause: RequestFailed): void {
  const found: Partial<Record<FieldName, string>> = {};
  const others: string[] = [];
  for (const { field, message } of cause.problems) {
    const name = fieldAt(field);
    if (name === undefined) others.push(message);
    else found[name] ??= message;
  }
  shownProblems.value = found;
  if (cause.problems.length === 0) others.push(cause.message);
  formProblem.value = others.length > 0 ? others.join(' ') : undefined;
}

function wordsOfProblems(): string {
  return `Not saved: ${numberOf(Object.keys(shownProblems.value).length, 'field needs', 'fields need')} your attention.`;
}

function wordsOf({ changed: keys, runningCalls }: SavedChange, isForRunning: boolean): string {
  if (keys.length === 0) return 'Saved. Nothing was different.';
  const waits = keys.some(({ effect }) => effect === 'new-calls') && runningCalls > 0;
  if (waits && isForRunning)
    return `Saved. ${numberOf(runningCalls, 'running call is', 'running calls are')} cut over.`;
  return waits
    ? `Saved. ${numberOf(runningCalls, 'running call goes on', 'running calls go on')} as before; new calls take the change.`
    : 'Saved.';
}
