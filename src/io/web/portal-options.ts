/** What the portal is opened with. */
import type { Log } from '../../core/log.js';
import type { HostPort } from '../../core/settings/addresses.js';
import type { Gate } from './gate.js';

export interface PortalOptions {
  /** Port 0 lets the system choose. */
  readonly listen: HostPort;
  /** With it the portal speaks https and wss. */
  readonly tls?: PortalTls | undefined;
  /** Such as `/audio`; empty for none. It never ends in a slash. */
  readonly basePath: string;
  /** Addresses, and networks in CIDR notation, whose X-Forwarded-For, -Proto and -Host are believed. */
  readonly trustedProxies: readonly string[];
  /** Names under which the portal may be opened, beside addresses and localhost. */
  readonly hosts: readonly string[];
  /** The folder of the built page (dist/web); without it there is the API alone. */
  readonly pages?: string | undefined;
  /** Of the program. */
  readonly version: string;
  readonly gate: Gate;
  readonly log: Log;
}

/** PEM texts. */
export interface PortalTls {
  readonly cert: string;
  readonly key: string;
}
