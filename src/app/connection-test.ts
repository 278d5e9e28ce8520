/** The page's connection test: dials the receiver with the secret, and says in words what came of it. */
import { RECEIVER_UNVERIFIED, RECEIVER_UNVERIFIED_ADVICE } from '../core/insecure-advice.js';
import { RECEIVER_ADVICE } from '../core/receiver-advice.js';
import type { Settings } from '../core/settings/settings.js';
import type { RelayDestination } from '../io/relay/relay-socket.js';
import type { ConnectionTestResult } from '../io/web/contract/settings.js';
import type { ConnectionTestPort } from '../io/web/settings-routes.js';
import { probeReceiver } from './check-receiver.js';
import { destinationOf } from './streaming-options.js';

/** Nobody waits longer before a page. */
export const TEST_LIMIT_MS = 6000;

/** Tests as the settings that hold would connect, but for what is given. */
export function connectionTests(inForce: () => Settings): ConnectionTestPort {
  return {
    test(url, name, given) {
      const { streaming } = inForce();
      const saved = streaming.secret;
      const value = given === undefined ? saved?.value : (given ?? undefined);
      const secret = value === undefined ? undefined : { name, value };
      return testConnection(destinationOf({ ...streaming, secret }, url));
    },
  };
}

export async function testConnection(
  destination: RelayDestination,
  limitMs = TEST_LIMIT_MS,
): Promise<ConnectionTestResult> {
  const began = performance.now();
  const facts = await probeReceiver(destination, AbortSignal.timeout(limitMs));
  return { ...inWords(facts, destination, limitMs), milliseconds: Math.round(performance.now() - began) };
}

function inWords(
  { problem, openMs, pongMs, closedInOrder }: Awaited<ReturnType<typeof probeReceiver>>,
  { url, shownAs, secret, insecure }: RelayDestination,
  limitMs: number,
): Omit<ConnectionTestResult, 'milliseconds'> {
  if (pongMs !== undefined) {
    const header = secret === undefined ? 'No secret was sent' : `The secret was sent as ${secret.name}`;
    return {
      isGood: true,
      code: null,
      message: `The server accepted the connection in ${openMs} ms and answered a ping in ${pongMs} ms. ${header}.`,
      advice: !closedInOrder
        ? 'But it did not answer the end of the connection (a Close frame, RFC 6455): at the end of a call the last audio may come twice.'
        : insecure && url.startsWith('wss:')
          ? `${RECEIVER_UNVERIFIED} ${RECEIVER_UNVERIFIED_ADVICE}`
          : null,
    };
  }
  if (problem !== undefined) {
    return {
      isGood: false,
      code: problem.code,
      message: `${problem.message}.`,
      advice: RECEIVER_ADVICE[problem.code] ?? null,
    };
  }
  if (openMs === undefined) {
    return {
      isGood: false,
      code: 'RECEIVER_TIMEOUT',
      message: `The receiver does not answer in time: ${shownAs} gave no answer within ${limitMs / 1000} s.`,
      advice: RECEIVER_ADVICE.RECEIVER_TIMEOUT ?? null,
    };
  }
  return {
    isGood: false,
    code: 'RECEIVER_TIMEOUT',
    message: `The server accepted the connection in ${openMs} ms, but answered no ping.`,
    advice:
      'It must answer pings (RFC 6455), as every WebSocket library does by itself: else no audio counts as delivered.',
  };
}
