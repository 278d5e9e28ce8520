/** How a failure that ends the program is told, and the exit code that goes with it. */
import { StreamError } from './errors.js';
import { visibleText } from './visible-text.js';

/** The program ended in order. */
export const EXIT_ORDERLY = 0;
/** It failed while it ran. */
export const EXIT_FAILED = 1;
/** It did not start: the settings or the command line were wrong. */
export const EXIT_MISUSED = 2;
/** A second signal ended it at once; shells give 128 + SIGINT for that. */
export const EXIT_INTERRUPTED = 130;

/** An error can be its own cause. */
const MAX_STACKS = 5;

/** The text for a terminal: the code and what happened, then where that is explained. Stacks are for debugging only. */
export function failureText(error: unknown, withStacks: boolean): string {
  const code = error instanceof StreamError ? error.code : 'UNEXPECTED';
  return `${code}: ${messageOf(error)}\nSee docs/errors.md#${code.toLowerCase()}${withStacks ? stacksOf(error) : ''}`;
}

/** Settings that are wrong are the user's to mend and not worth a restart, which the exit code tells a supervisor. */
export function exitCodeOf(error: unknown): number {
  return error instanceof StreamError && error.code === 'SETTINGS_INVALID' ? EXIT_MISUSED : EXIT_FAILED;
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  // Lists of problems have line breaks of their own.
  return message.split('\n').map(visibleText).join('\n');
}

/** The stack of the error and of all that lies under it. */
function stacksOf(error: unknown): string {
  const stacks: string[] = [];
  for (let next = error; next instanceof Error && stacks.length < MAX_STACKS; next = next.cause) {
    stacks.push(`\n${next.stack ?? next.message}`);
  }
  return stacks.join('');
}
