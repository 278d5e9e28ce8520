/** What the attempt to reach the receiver means. */

import type { ErrorCode } from '../errors.js';
import { RECEIVER_UNVERIFIED, RECEIVER_UNVERIFIED_ADVICE } from '../insecure-advice.js';
import { certificateFinding, clockFinding, ownCertificateFinding } from './clock.js';
import { type Finding, type Line, settingLine, shellLine, skipped, well } from './finding.js';

export interface ReceiverFacts {
  /** Why it could not be reached, or ended badly. */
  readonly problem: { readonly code: ErrorCode; readonly message: string } | undefined;
  /** Milliseconds from dialling to the open WebSocket, and from a ping to its pong. */
  readonly openMs: number | undefined;
  readonly pongMs: number | undefined;
  /** It answered our Close frame with code 1000 by its own. */
  readonly closedInOrder: boolean;
  /** Milliseconds since 1970. */
  readonly certificateExpires: number | undefined;
  readonly clockAheadMs: number | undefined;
}

export interface ReceiverPlace {
  readonly shownAs: string;
  /** The name of the header that carries the secret, when one is set. */
  readonly secretName: string | undefined;
  /** Any certificate of it is taken. */
  readonly isUnverified?: boolean;
  /** That of our own certificate, which it may want; milliseconds since 1970. */
  readonly ownCertificateExpires?: number | undefined;
}

export function receiverFindings(facts: ReceiverFacts, place: ReceiverPlace, now: number): Finding[] {
  const who = 'the receiver';
  return [
    ...reachFindings(facts, place),
    ...(place.isUnverified === true
      ? [unverifiedReceiver()]
      : certificateFinding('receiver.certificate', who, facts.certificateExpires, now)),
    ...ownCertificateFinding(place.ownCertificateExpires, now),
    ...clockFinding('receiver.clock', who, facts.clockAheadMs),
  ];
}

function reachFindings({ problem, openMs, pongMs, closedInOrder }: ReceiverFacts, place: ReceiverPlace): Finding[] {
  if (openMs === undefined) {
    return [
      problem === undefined ? skipped('receiver.reach', 'The receiver was not tried.') : notReached(problem, place),
    ];
  }
  const secret = place.secretName === undefined ? 'no secret is set' : `with the secret in ${place.secretName}`;
  const reached = well('receiver.reach', `${place.shownAs} accepts the stream in ${openMs} ms, ${secret}.`);
  return [reached, pingFinding(pongMs), ...(pongMs === undefined ? [] : [closeFinding(closedInOrder)])];
}

function notReached({ code, message }: { code: ErrorCode; message: string }, place: ReceiverPlace): Finding {
  return {
    id: code === 'RECEIVER_WRONG_SECRET' ? 'receiver.secret' : 'receiver.reach',
    level: 'error',
    what: `${message}.`,
    why: `Nothing is delivered. ${WHY[code] ?? ''}`.trimEnd(),
    lines: linesFor(code, place),
  };
}

const WHY: Partial<Readonly<Record<ErrorCode, string>>> = {
  RECEIVER_REFUSED: 'The machine is there, but no program listens at that port.',
  RECEIVER_UNREACHABLE: 'The host name is unknown, or there is no way to its address.',
  RECEIVER_TIMEOUT: 'A firewall drops the packets, or the receiver hangs.',
  RECEIVER_CERTIFICATE: 'Nobody who is trusted here has signed it.',
  RECEIVER_CERTIFICATE_EXPIRED: 'It has expired or is not valid yet, or the clock of this machine is wrong.',
  RECEIVER_CERTIFICATE_NAME: 'So it may be that of another server.',
  RECEIVER_WANTS_CERTIFICATE: 'It knows its clients by their certificates.',
  RECEIVER_TLS_VERSION: 'Older versions than TLS 1.2 can be read on the way.',
  RECEIVER_TLS: 'What listens there speaks no TLS, or none that both sides know.',
  RECEIVER_REJECTED: 'There is a web server, but no WebSocket at that path.',
};

function linesFor(code: ErrorCode, { shownAs, secretName }: ReceiverPlace): Line[] {
  switch (code) {
    case 'RECEIVER_WRONG_SECRET':
      return [
        settingLine('streaming.secret.name', secretName ?? '(the header that the receiver wants)'),
        settingLine('streaming.secret.value', '(the secret that the receiver wants)'),
      ];
    case 'RECEIVER_CERTIFICATE':
      return [settingLine('streaming.ca', '/path/to/authority.pem')];
    case 'RECEIVER_CERTIFICATE_EXPIRED':
      return [{ where: 'the receiver', text: '(a new certificate)' }, shellLine('date')];
    case 'RECEIVER_WANTS_CERTIFICATE':
      return [
        settingLine('streaming.cert', '/path/to/client-cert.pem'),
        settingLine('streaming.key', '/path/to/client-key.pem'),
      ];
    case 'RECEIVER_TLS_VERSION':
      return [{ where: 'the receiver', text: 'TLS 1.2 or TLS 1.3' }];
    case 'RECEIVER_TLS':
      return [settingLine('streaming.serverAddress', shownAs.replace(/^wss:/, 'ws:'))];
    case 'RECEIVER_REJECTED':
      return [settingLine('streaming.serverAddress', 'wss://HOST/THE-RIGHT-PATH')];
    default:
      return [settingLine('streaming.serverAddress', 'wss://HOST:PORT/PATH')];
  }
}

function pingFinding(pongMs: number | undefined): Finding {
  if (pongMs !== undefined) return well('receiver.ping', `It answers pings, in ${pongMs} ms.`);
  return {
    id: 'receiver.ping',
    level: 'error',
    what: 'It accepts the WebSocket, but answers no ping.',
    why: 'By its pongs the add-on learns what was read; without them every connection is dropped and made anew, and audio is sent twice.',
    lines: [
      { where: 'the receiver', text: 'answer pings (RFC 6455, 5.5.2), as every WebSocket library does by itself' },
    ],
  };
}

function closeFinding(isInOrder: boolean): Finding {
  if (isInOrder) return well('receiver.close', 'It answers the Close frame.');
  return {
    id: 'receiver.close',
    level: 'warning',
    what: 'It does not answer the Close frame at the end of a call.',
    why: 'The add-on cannot know whether the last audio was taken, waits, and delivers it again.',
    lines: [{ where: 'the receiver', text: 'answer a Close frame with a Close frame (RFC 6455, 5.5.1)' }],
  };
}

function unverifiedReceiver(): Finding {
  return {
    id: 'receiver.certificate',
    level: 'warning',
    what: RECEIVER_UNVERIFIED,
    why: RECEIVER_UNVERIFIED_ADVICE,
    lines: [settingLine('streaming.insecure', false), settingLine('streaming.ca', '/path/to/authority.pem')],
  };
}
