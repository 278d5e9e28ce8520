/** The media plane as taps know it: told where each one's packets come from, and asked how many have come. */

import type { RtpSource } from '../../core/call/tap-plan.js';
import { monotonicMs } from '../drive.js';
import type { PacketIntake } from '../tap.js';
import type { Media } from './media.js';
import type { PacketReading } from './media-news.js';

/** Hundreds of taps look every three seconds: those that look within this time have one answer, in ms. */
const FRESH_MS = 500;
const NOTHING: PacketReading = { ofParticipants: new Map(), ofTaps: new Map(), strangers: [] };

export class PlaneIntake implements PacketIntake {
  readonly #media: Media;
  #last = NOTHING;
  #readAt = Number.NEGATIVE_INFINITY;
  #underWay: Promise<PacketReading> | undefined;

  constructor(media: Media) {
    this.#media = media;
  }

  /** HOST:PORT of senders whom no tap knows, as they were when packets were last counted. */
  get strangers(): readonly string[] {
    return this.#last.strangers;
  }

  async listen(tap: number, source: RtpSource, since: number): Promise<void> {
    this.#media.order({ kind: 'listen', tap, source, since });
    await this.#media.ask({ kind: 'pulse', tap });
  }

  stop(tap: number, lateMs: number): void {
    this.#media.order({ kind: 'stop', tap, lateMs });
  }

  async packetsOf(tap: number): Promise<number> {
    return (await this.packets()).ofTaps.get(tap) ?? 0;
  }

  /** As they are now, or were half a second ago. Not before the media plane, should it be busy, finds the time. */
  packets(): Promise<PacketReading> {
    if (monotonicMs() - this.#readAt < FRESH_MS) return Promise.resolve(this.#last);
    this.#underWay ??= this.#read();
    return this.#underWay;
  }

  async #read(): Promise<PacketReading> {
    this.#last = await this.#media.ask({ kind: 'packets' });
    this.#readAt = monotonicMs();
    this.#underWay = undefined;
    return this.#last;
  }
}
