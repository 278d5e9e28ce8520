/** What an answer tells of the machine it came from: its clock, and until when its certificate holds. */

import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** How far the clock behind a Date header is ahead of ours, in milliseconds; nothing without a readable one. */
export function clockAheadMs(date: string | undefined): number | undefined {
  const theirs = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(theirs) ? undefined : theirs - Date.now();
}

/** When the certificate of the other side expires, in milliseconds since 1970; nothing without TLS. */
export function certificateExpires(socket: Socket): number | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const expires = Date.parse(socket.getPeerCertificate().valid_to ?? '');
  return Number.isNaN(expires) ? undefined : expires;
}

/** When the first of these PEM certificates expires, in milliseconds since 1970. */
export function expiryOf(certificates: string): number {
  return Date.parse(new X509Certificate(certificates).validTo);
}
