/** While there is no link to Asterisk: has the packets of each participant counted, and tells whose have stopped. */

import { type SilenceInput, type SilenceOutput, UnlinkedSilence } from '../core/call/unlinked-silence.js';
import { DrivenCore } from './drive.js';
import type { Participants } from './participants.js';

export class SilenceWatch extends DrivenCore<SilenceInput, SilenceOutput, UnlinkedSilence> {
  readonly #participants: Participants;
  readonly #onSilent: (channelId: string) => void;
  #isCounting = false;

  /** `onSilent` is told the channel of which nothing comes any more. */
  constructor(participants: Participants, onSilent: (channelId: string) => void) {
    super(new UnlinkedSilence());
    this.#participants = participants;
    this.#onSilent = onSilent;
  }

  linked(): void {
    this.feed({ kind: 'linked' });
  }

  unlinked(): void {
    this.feed({ kind: 'unlinked' });
  }

  protected override carryOut(output: SilenceOutput): void {
    if (output.kind === 'silent') this.#onSilent(output.channelId);
    else void this.#count();
  }

  /** One count at a time: those of a media plane that hung would all come at once, and look like a long silence. */
  async #count(): Promise<void> {
    if (this.#isCounting) return;
    this.#isCounting = true;
    const counts = await this.#participants.packetCounts();
    this.#isCounting = false;
    this.feed({ kind: 'packets', counts });
  }
}
