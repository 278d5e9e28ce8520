/** Waits for a signal to abort, also one that has already. */

import { once } from 'node:events';

export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
