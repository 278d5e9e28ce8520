/** Checks the receiver: dials it as a call does, with the secret, pings once, and closes in order. No audio is sent. */

import type { ReceiverFacts } from '../core/check/receiver-findings.js';
import type { StreamError } from '../core/errors.js';
import { type RelayDestination, RelaySocket, type UpgradeFacts } from '../io/relay/relay-socket.js';

/** How long a pong, and then the answer to our Close, may take. */
const ANSWER_LIMIT_MS = 5000;
const PING = 1;

/** Resolves with what was found; when the signal aborts, the connection is dropped and what is known by then returned. */
export async function probeReceiver(destination: RelayDestination, signal: AbortSignal): Promise<ReceiverFacts> {
  const began = performance.now();
  let upgrade: UpgradeFacts | undefined;
  let openMs: number | undefined;
  let pongMs: number | undefined;
  let problem: StreamError | undefined;
  let closedInOrder = false;

  await new Promise<void>((resolve) => {
    let limit: NodeJS.Timeout | undefined;
    const end = (): void => {
      clearTimeout(limit);
      signal.removeEventListener('abort', drop);
      resolve();
    };
    const drop = (): void => {
      socket.abort();
      end();
    };
    const within = (): void => {
      clearTimeout(limit);
      limit = setTimeout(drop, ANSWER_LIMIT_MS);
    };
    const socket = new RelaySocket(destination, {
      onUpgrade: (facts) => {
        upgrade = facts;
      },
      onOpen: () => {
        openMs = Math.round(performance.now() - began);
        within();
        socket.ping(PING);
      },
      onFlushed: () => undefined,
      onPong: () => {
        pongMs ??= Math.round(performance.now() - began - (openMs ?? 0));
        within();
        socket.close();
      },
      onText: () => undefined,
      onClosed: ({ orderly, problem: why }) => {
        closedInOrder = orderly;
        problem = why;
        end();
      },
    });
    signal.addEventListener('abort', drop, { once: true });
  });
  return {
    problem: problem === undefined ? undefined : { code: problem.code, message: problem.message },
    openMs,
    pongMs,
    closedInOrder,
    certificateExpires: upgrade?.certificateExpires,
    clockAheadMs: upgrade?.clockAheadMs,
  };
}
