/**
 * While there is no link to Asterisk, the end of a channel is not told. That its packets have stopped tells it: a tap sends
 * one each 20 ms, whatever its party does. While packets come, the lost link is no reason to end anything.
 */

import type { Core, Tick } from '../core.js';
import { Timers } from '../timers.js';

/**
 * How long packets must have stayed away. A stop of five seconds, as of a machine that swaps or is moved to another host,
 * ends no call; and an Asterisk that was restarted is mostly back by then, and says itself what is no more.
 */
export const SILENCE_LIMIT_MS = 10_000;
/** Looks are counted, not time: after this program itself has hung, packets are there that were not read yet. */
const LOOK_EVERY_MS = 1000;
const SILENT_LOOKS = SILENCE_LIMIT_MS / LOOK_EVERY_MS;

export type SilenceInput =
  | { readonly kind: 'unlinked' }
  | { readonly kind: 'linked' }
  /** How many packets have come of each tapped channel, by its id. */
  | { readonly kind: 'packets'; readonly counts: ReadonlyMap<string, number> };

export type SilenceOutput =
  | { readonly kind: 'count-packets' }
  /** Nothing comes of this channel any more. Said once. */
  | { readonly kind: 'silent'; readonly channelId: string };

interface Look {
  readonly packets: number;
  /** So many looks in a row have found no more than this. */
  readonly silent: number;
}

export class UnlinkedSilence implements Core<SilenceInput, SilenceOutput> {
  readonly #timers = new Timers<'look'>();
  #looks = new Map<string, Look>();

  nextWake(): number | undefined {
    return this.#timers.soonest();
  }

  handle(input: SilenceInput | Tick, now: number): SilenceOutput[] {
    switch (input.kind) {
      case 'unlinked':
        // A link that came about only halfway is no link: what was counted before it still counts.
        if (!this.#timers.isSet('look')) this.#timers.set('look', now + LOOK_EVERY_MS);
        return [];
      case 'linked':
        this.#timers.clearAll();
        this.#looks.clear();
        return [];
      case 'packets':
        return this.#compare(input.counts);
      case 'tick':
        if (this.#timers.takeDue(now).length === 0) return [];
        this.#timers.set('look', now + LOOK_EVERY_MS);
        return [{ kind: 'count-packets' }];
    }
  }

  #compare(counts: ReadonlyMap<string, number>): SilenceOutput[] {
    const looks = [...counts].map(([channelId, packets]): readonly [string, Look] => {
      const before = this.#looks.get(channelId);
      return [channelId, { packets, silent: before?.packets === packets ? before.silent + 1 : 0 }];
    });
    this.#looks = new Map(looks);
    return looks.flatMap(([channelId, { silent }]) => (silent === SILENT_LOOKS ? [{ kind: 'silent', channelId }] : []));
  }
}
