/** The number to show for a party: its own one; for a trunk the outside number, the caller's inbound, the dialled one outbound. */

import { type Channel, endpointOf } from './channel.js';

/** `dialled` is what was dialled to reach this party through a trunk, where that was the case. */
export function partyNumber(channel: Channel, dialled: string | undefined): string {
  return dialled ?? (channel.number || endpointOf(channel.name));
}

/**
 * The number in what Dial was given for a trunk: `4930123@trunk-a`, `trunk-a/sip:4930123@host`, `g1/4930123`,
 * `user:password@host/4930123`; undefined where there is none.
 */
export function dialledNumber(dialstring: string): string | undefined {
  const uri = /sips?:([^@;]+)/.exec(dialstring)?.[1];
  if (uri !== undefined) return uri;
  const slash = dialstring.lastIndexOf('/');
  if (slash >= 0) return nonEmpty(dialstring.slice(slash + 1).replace(/@.*$/, ''));
  const at = dialstring.indexOf('@');
  return at > 0 ? dialstring.slice(0, at) : undefined;
}

function nonEmpty(text: string): string | undefined {
  return text === '' ? undefined : text;
}
