/** Asks Asterisk about a channel, a few times if need be. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../core/log.js';
import { retryPauseMs } from '../core/relay/backoff.js';
import type { AriRequests } from '../io/ari/ari-requests.js';
import type { MachineHealth } from './machine-health.js';

/** With the pauses between them, as between attempts to connect, some six seconds: a short stop of Asterisk passes. */
const QUESTION_TRIES = 6;

/** The first of these variables that has a value; undefined when none has, as of a channel that is gone, or no answer came. */
export async function firstVariable(
  { ari, log, machine }: { readonly ari: AriRequests; readonly log: Log; readonly machine?: MachineHealth },
  channelId: string,
  variables: readonly string[],
): Promise<string | undefined> {
  for (let attempt = 1; attempt <= QUESTION_TRIES; attempt++) {
    try {
      for (const variable of variables) {
        const value = await ari.variable(channelId, variable);
        if (value) return value;
      }
      return undefined;
    } catch (error) {
      await machine?.relieved();
      const level = attempt === QUESTION_TRIES ? 'warn' : 'debug';
      const fields = { channelId, variables, attempt, error: String(error) };
      log[level]('a question about a channel was not answered', fields);
      if (attempt < QUESTION_TRIES) await pause(retryPauseMs(attempt, Math.random()), undefined, { ref: false });
    }
  }
  return undefined;
}
