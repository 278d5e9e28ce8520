/** Why a connection failed, from Node's error codes to one word and plain language. */

export type NetworkProblem =
  | 'refused'
  | 'no-such-host'
  | 'unreachable'
  | 'timeout'
  | 'certificate'
  | 'tls'
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
  CERT_HAS_EXPIRED: 'certificate',
  CERT_NOT_YET_VALID: 'certificate',
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
  HOSTNAME_MISMATCH: 'certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate',
  EPROTO: 'tls',
};

export function networkProblemOf(error: unknown): NetworkProblem {
  const code = codeOf(error);
  const known = PROBLEMS[code];
  if (known !== undefined) return known;
  // The codes of Node's HTTP parser.
  if (code.startsWith('HPE_')) return 'not-http';
  return code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') ? 'tls' : 'other';
}

/** What Node said, in one line. */
export function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error);
  const text = error.message || code;
  return text.includes(code) ? text : `${text} (${code})`;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return String(error.code);
}
