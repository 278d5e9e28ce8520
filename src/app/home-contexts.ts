/**
 * Where the endpoints of calls that are up already have begun: whether one is a trunk shows in that context, and a call in a
 * queue or a menu has long left it.
 */

import { type Channel, endpointOf, technologyOf } from '../core/call/channel.js';
import { isParty, type PartyRules } from '../core/call/participant.js';
import type { AriRequests } from '../io/ari/ari-requests.js';

/** The channels, with their home context where PJSIP tells it; other technologies have no function that does. */
export async function withHomeContexts(
  ari: AriRequests,
  channels: readonly Channel[],
  rules: PartyRules,
): Promise<Channel[]> {
  const contexts = new Map<string, Promise<string | undefined>>();
  return Promise.all(
    channels.map(async (channel) => {
      if (technologyOf(channel.name) !== 'PJSIP' || !isParty(channel, rules)) return channel;
      const endpoint = endpointOf(channel.name);
      const asked = contexts.get(endpoint) ?? contextOf(ari, channel.id, endpoint);
      contexts.set(endpoint, asked);
      return { ...channel, homeContext: await asked };
    }),
  );
}

/** Undefined where it can't be learnt; the present context then has to do. */
async function contextOf(ari: AriRequests, channelId: string, endpoint: string): Promise<string | undefined> {
  const value = await ari.variable(channelId, `PJSIP_ENDPOINT(${endpoint},context)`).catch(() => undefined);
  return value === '' ? undefined : value;
}
