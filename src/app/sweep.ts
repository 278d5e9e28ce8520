/** What an earlier run, or a broken connection, has left of ours in Asterisk. */

import type { BridgeSnapshot } from '../core/call/call-events.js';
import type { Channel } from '../core/call/channel.js';
import type { TapContext } from './tap.js';

/**
 * Removes everything that bears our name and belongs to no tap that lives, one thing at a time: Asterisk has crashed on
 * parallel removals after a reconnect.
 */
export async function sweep(
  { ari, names, log }: TapContext,
  isAlive: (tap: number) => boolean,
  channels: readonly Channel[],
  bridges: readonly BridgeSnapshot[],
): Promise<void> {
  const isLeftover = ({ id }: { readonly id: string }): boolean => {
    const ours = names.parse(id);
    return names.isOurs(id) && (ours === undefined || !isAlive(ours.tap));
  };
  const leftChannels = channels.filter(isLeftover);
  const leftBridges = bridges.filter(isLeftover);
  for (const { id } of leftChannels) await ari.hangUp(id);
  for (const { id } of leftBridges) await ari.destroyBridge(id);
  if (leftChannels.length + leftBridges.length > 0) {
    log.info('removed what was left in Asterisk', { channels: leftChannels.length, bridges: leftBridges.length });
  }
}
