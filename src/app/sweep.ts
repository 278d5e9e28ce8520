/** What an earlier run, a broken connection or a failed request has left of ours in Asterisk. */

import type { BridgeSnapshot } from '../core/call/call-events.js';
import type { Channel } from '../core/call/channel.js';
import { AriRefusal } from '../io/ari/ari-http.js';
import type { TapContext } from './tap.js';

type IsAlive = (tap: number) => boolean;

/**
 * Removes everything that bears our name and belongs to no tap that lives, one thing at a time: Asterisk has crashed on
 * parallel removals after a reconnect. Tells how many things that were; one that Asterisk refuses to remove keeps none.
 */
export async function sweep(
  { ari, names, log }: TapContext,
  isAlive: IsAlive,
  channels: readonly Channel[],
  bridges: readonly BridgeSnapshot[],
): Promise<number> {
  const isLeftover = ({ id }: { readonly id: string }): boolean => {
    const ours = names.parse(id);
    return names.isOurs(id) && (ours === undefined || !isAlive(ours.tap));
  };
  const removed = async (things: readonly { readonly id: string }[], remove: (id: string) => Promise<unknown>) => {
    let count = 0;
    for (const { id } of things) {
      try {
        await remove(id);
        count += 1;
      } catch (error) {
        // Without an answer to one, there will be none to the others either.
        if (!(error instanceof AriRefusal)) throw error;
        log.debug('something left in Asterisk could not be removed now', { id, error: error.message });
      }
    }
    return count;
  };
  const leftChannels = channels.filter(isLeftover);
  const leftBridges = bridges.filter(isLeftover);
  const counts = {
    channels: await removed(leftChannels, (id) => ari.hangUp(id)),
    bridges: await removed(leftBridges, (id) => ari.destroyBridge(id)),
  };
  if (counts.channels + counts.bridges > 0) log.info('removed what was left in Asterisk', counts);
  return leftChannels.length + leftBridges.length;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** One look is not enough: a request that had no answer may still be carried out after it. */
const CLEAN_LOOKS = 2;

/** Looks again, while the link lives, for what a failed request has left: until nothing is found twice. */
export class LaterSweeps {
  readonly #context: TapContext;
  readonly #isAlive: IsAlive;
  readonly #onDone: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isOn = false;
  #pauseMs = FIRST_PAUSE_MS;
  #cleanLooks = 0;

  /** `onDone` is told when nothing is left to look for. */
  constructor(context: TapContext, isAlive: IsAlive, onDone: () => void) {
    this.#context = context;
    this.#isAlive = isAlive;
    this.#onDone = onDone;
  }

  /** Something may have been left, or may not be there yet. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** A request has failed: looks soon. */
  want(): void {
    this.#cleanLooks = 0;
    if (this.#isOn) return;
    this.#isOn = true;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#wait();
  }

  /** There is no link, whose return brings a sweep of its own; or the program ends. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#isOn = false;
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), this.#pauseMs);
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }

  async #look(): Promise<void> {
    const { ari, log } = this.#context;
    try {
      const found = await sweep(this.#context, this.#isAlive, await ari.channels(), await ari.bridges());
      this.#cleanLooks = found === 0 ? this.#cleanLooks + 1 : 0;
    } catch (error) {
      this.#cleanLooks = 0;
      log.debug('could not look for what is left in Asterisk', { error: String(error) });
    }
    if (!this.#isOn) return;
    if (this.#cleanLooks < CLEAN_LOOKS) return this.#wait();
    this.#isOn = false;
    this.#onDone();
  }
}
