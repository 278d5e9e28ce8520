/** What a change will do to the calls that run: the line above the Save button. */
import { listOf, numberOf } from '../words/amounts.js';
import { FIELD_LABELS, type FieldName } from './form-state.js';

/** The program takes these only for calls that begin from then on, unless it is told to cut the running ones over. */
const FOR_NEW_CALLS: ReadonlySet<FieldName> = new Set([
  'serverAddress',
  'secretName',
  'secretValue',
  'sampleRate',
  'bufferSeconds',
]);

export interface ChangeEffect {
  /** One sentence, or two. */
  readonly words: string;
  /** Whether to offer that running streams take the change, too. */
  readonly canApplyToRunning: boolean;
}

export function effectOf(changed: readonly FieldName[], runningCalls: number): ChangeEffect {
  const later = changed.filter((name) => FOR_NEW_CALLS.has(name));
  const atOnce = changed.filter((name) => !FOR_NEW_CALLS.has(name));
  const sentences = [
    atOnce.length === 0 ? '' : `At once${runningToo(runningCalls)}: ${labels(atOnce)}.`,
    later.length === 0 ? '' : `For calls that begin from now on: ${labels(later)}.`,
  ];
  return {
    words: sentences.filter((sentence) => sentence !== '').join(' '),
    canApplyToRunning: later.length > 0 && runningCalls > 0,
  };
}

function runningToo(runningCalls: number): string {
  return runningCalls === 0 ? '' : `, also for ${numberOf(runningCalls, 'running call')}`;
}

function labels(names: readonly FieldName[]): string {
  return listOf([...new Set(names.map((name) => FIELD_LABELS[name].replace(/ on or off$/, '')))]);
}
