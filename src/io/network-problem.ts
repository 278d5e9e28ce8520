/** Why a connection failed, from Node's error codes to one word and plain language. */

import { types } from 'node:util';

export type NetworkProblem =
  | 'refused'
  | 'no-such-host'
  | 'unreachable'
  | 'timeout'
  /** Nobody who is trusted has signed the other side's certificate. */
  | 'certificate'
  | 'certificate-expired'
  | 'certificate-name'
  /** The other side wants a certificate of ours, or another one. */
  | 'certificate-wanted'
  | 'tls'
  | 'tls-version'
  | 'reset'
  | 'not-http'
  | 'other';

/** Node's and OpenSSL's codes; certificate codes are those of OpenSSL's X509_V_ERR list as Node names them. */
const PROBLEMS: Readonly<Record<string, NetworkProblem>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'no-such-host',
  EAI_AGAIN: 'no-such-host',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate',
  CERT_UNTRUSTED: 'certificate',
  CERT_REJECTED: 'certificate',
  CERT_REVOKED: 'certificate',
  CERT_SIGNATURE_FAILURE: 'certificate',
  INVALID_CA: 'certificate',
  INVALID_PURPOSE: 'certificate',
  HOSTNAME_MISMATCH: 'certificate-name',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-name',
  EPROTO: 'tls',
};

/**
 * Alerts (RFC 8446, 6.2) are what the other side says, so these are about our certificate. Without one, a server of
 * TLS 1.2 mostly says handshake_failure, which can mean other things too.
 */
const CERTIFICATE_ALERT =
  /alert (certificate required|bad certificate|unsupported certificate|certificate revoked|certificate expired|certificate unknown|unknown ca|access denied)/;
const WRONG_VERSION = /alert protocol version|unsupported protocol|wrong ssl version/;

export function networkProblemOf(error: unknown): NetworkProblem {
  const reason = opensslReason(error) ?? '';
  if (WRONG_VERSION.test(reason)) return 'tls-version';
  if (CERTIFICATE_ALERT.test(reason)) return 'certificate-wanted';
  const code = codeOf(error);
  const known = PROBLEMS[code];
  if (known !== undefined) return known;
  // The codes of Node's HTTP parser.
  if (code.startsWith('HPE_')) return 'not-http';
  return code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') ? 'tls' : 'other';
}

/** OpenSSL's own words, which Node gives as they are or, when the handshake was under way, in the middle of a line. */
function opensslReason(error: unknown): string | undefined {
  if (!types.isNativeError(error)) return undefined;
  if ('library' in error && 'reason' in error && typeof error.reason === 'string') return error.reason;
  return /:SSL routines:[^:]*:([^:]+):/.exec(error.message)?.[1];
}

/** A certificate may have thousands of names, and whoever made it may be hostile. */
const MAX_NAMES_CHARACTERS = 200;

/** What Node said, in one line. */
export function detailOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const code = codeOf(error);
  const names = namesIn(error);
  if (names !== undefined) return `it is made for ${names} (${code})`;
  // The line that OpenSSL's words stand in begins with the address of a thread and ends with its source.
  const reason = opensslReason(error);
  const text = reason ?? (error.message || code);
  return text.includes(code) ? text : `${text} (${code})`;
}

/** The names of a certificate that is for none of those that were asked for. */
function namesIn(error: object): string | undefined {
  if (codeOf(error) !== 'ERR_TLS_CERT_ALTNAME_INVALID' || !('cert' in error)) return undefined;
  const { subjectaltname } = error.cert as { subjectaltname?: unknown };
  if (typeof subjectaltname !== 'string') return undefined;
  const isLong = subjectaltname.length > MAX_NAMES_CHARACTERS;
  return isLong ? `${subjectaltname.slice(0, MAX_NAMES_CHARACTERS)}…` : subjectaltname;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return String(error.code);
}
