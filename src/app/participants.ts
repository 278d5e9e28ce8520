/** The participants that are tapped: made, found by their channels, and told the news of the media plane about them. */

import type { Channel } from '../core/call/channel.js';
import type { PlaneIntake } from './media/plane-intake.js';
import { Participant, type ParticipantNews, type ParticipantOptions, type ParticipantOutcome } from './participant.js';

export interface ParticipantsOptions extends Omit<ParticipantOptions, 'id' | 'channel' | 'onEnded'> {
  readonly intake: PlaneIntake;
  /** The stream of a participant, by its channel's name, has come to its end under this call. */
  readonly onEnded: (callid: string, channelid: string, outcome: ParticipantOutcome) => void;
}

export class Participants {
  readonly #options: ParticipantsOptions;
  /** Those whose channels live. */
  readonly #byChannel = new Map<string, Participant>();
  /** By their numbers in the media plane, until their streams have ended. */
  readonly #byNumber = new Map<number, Participant>();
  #number = 0;

  constructor(options: ParticipantsOptions) {
    this.#options = options;
  }

  /** By the channel's id. */
  find(channelId: string): Participant | undefined {
    return this.#byChannel.get(channelId);
  }

  arm(channel: Channel): void {
    this.#number += 1;
    const id = this.#number;
    const participant = new Participant({
      ...this.#options,
      id,
      channel,
      onEnded: (callid, outcome) => {
        this.#byNumber.delete(id);
        if (callid !== undefined) this.#options.onEnded(callid, channel.name, outcome);
      },
    });
    this.#byChannel.set(channel.id, participant);
    this.#byNumber.set(id, participant);
  }

  /** The channel has gone, or is not wanted any more. */
  close(channelId: string): void {
    this.#byChannel.get(channelId)?.close();
    this.#byChannel.delete(channelId);
  }

  /** There is a link to Asterisk again. */
  onLinked(): void {
    for (const participant of this.#byChannel.values()) participant.onLinked();
  }

  onNews(news: ParticipantNews): void {
    this.#byNumber.get(news.participant)?.onNews(news);
  }

  /** How many packets have come of each, by the channel's id. */
  async packetCounts(): Promise<ReadonlyMap<string, number>> {
    const { ofParticipants } = await this.#options.intake.packets();
    return new Map([...this.#byChannel].map(([channelId, { id }]) => [channelId, ofParticipants.get(id) ?? 0]));
  }
}
