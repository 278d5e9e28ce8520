/** What an administrator can do when Asterisk can't be reached or used: for the log and for the check alike. */

import type { ErrorCode } from './errors.js';

/** One or two sentences; docs/errors.md says more. */
export const ARI_ADVICE: Partial<Readonly<Record<ErrorCode, string>>> = {
  ARI_REFUSED: 'Is Asterisk running, and does http.conf say enabled=yes with this bindaddr and bindport?',
  ARI_UNREACHABLE: 'Check the host name in asterisk.url and the network.',
  ARI_TIMEOUT: 'Asterisk hangs or a firewall drops the packets; if it accepts no event WebSocket any more, restart it.',
  ARI_TLS:
    'Name its authority, or a self-signed certificate itself, in asterisk.ca, with a name in asterisk.url that it is made for; or use http:// on the same machine.',
  ARI_WRONG_PASSWORD: 'Compare asterisk.username and asterisk.password with the user in ari.conf.',
  ARI_FORBIDDEN: 'The user in ari.conf must not be read_only.',
  ARI_NOT_THERE:
    'Does ari.conf say enabled=yes, are res_ari and its modules loaded, and is a prefix of http.conf part of asterisk.url?',
};
