/** TLS towards another machine: whom to trust, and whom to be. */
import type { ConnectionOptions } from 'node:tls';

export interface TlsTrust {
  /** PEM of the authority that signed the other side's certificate, when the system does not know it. */
  readonly ca: string | undefined;
  /** Takes any certificate of the other side. */
  readonly insecure?: boolean | undefined;
  /** PEM of the certificate to show when the other side wants one, and of its key. */
  readonly identity?: { readonly cert: string; readonly key: string } | undefined;
}

/** Everything is said, so that neither NODE_TLS_REJECT_UNAUTHORIZED nor NODE_OPTIONS can weaken it unseen. */
export function tlsOptions({ ca, insecure = false, identity }: TlsTrust): ConnectionOptions {
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: !insecure,
    ...(ca === undefined ? {} : { ca }),
    ...(identity === undefined ? {} : { cert: identity.cert, key: identity.key }),
  };
}
