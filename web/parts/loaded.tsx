/** Something asked of the program: while it is awaited, when it failed, and when it is there. */
import { type Signal, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { messageOf } from '../api/request.js';
import { Note } from './boxes.js';
import { Button } from './button.js';

export interface Loadable<T> {
  readonly value: Signal<T | undefined>;
  readonly problem: Signal<string | undefined>;
  /** Asks again; what was there stays shown meanwhile. Of several at once the last one holds. */
  load(): Promise<void>;
}

export function loadable<T>(ask: () => Promise<T>): Loadable<T> {
  const value = signal<T | undefined>(undefined);
  const problem = signal<string | undefined>(undefined);
  let asked = 0;
  return {
    value,
    problem,
    load: async () => {
      asked += 1;
      const mine = asked;
      try {
        const answer = await ask();
        if (mine !== asked) return;
        value.value = answer;
        problem.value = undefined;
      } catch (cause) {
        if (mine === asked) problem.value = messageOf(cause);
      }
    },
  };
}

interface LoadedProps<T> {
  readonly from: Loadable<T>;
  readonly children: (value: T) => ComponentChildren;
}

export function Loaded<T>({ from, children }: LoadedProps<T>) {
  const value = from.value.value;
  const problem = from.problem.value;
  return (
    <>
      {problem !== undefined && (
        <Note tone="bad">
          <p>{problem}</p>
          <Button size="small" onPress={() => void from.load()}>
            Try again
          </Button>
        </Note>
      )}
      {value !== undefined && children(value)}
      {value === undefined && problem === undefined && <p class="muted">Loading …</p>}
    </>
  );
}
