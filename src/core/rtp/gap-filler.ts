/**
 * Says how much silence is due before a packet, so that the samples stand where their timestamps say.
 *
 * It keeps one number: the timestamp at which the samples given out so far end. A packet beyond it is preceded by
 * silence up to its own timestamp; one before it overlaps, loses nothing, and later silence is shorter by as much.
 *
 * After a loss the silence is exact and at once. Without a loss a jump up to SLACK_MS is not filled but remembered:
 * Asterisk counts timestamps by samples, but when a frame is sent more than 640 ticks (40 ms of slin16, 13 ms of
 * slin48) beside its time it takes the clock's word instead (MAX_TIMESTAMP_SKEW in res_rtp_asterisk.c), although the
 * audio is whole, and may step back with the next frame. Silence there would cut words in two.
 *
 * Where timestamps cannot be followed (another SSRC or numbering that does not go on where the former ended, another clock
 * rate, a jump over MAX_FILL_MS, or one over STEP_MS that neither a loss nor the times of arrival explain, as when
 * Asterisk's clock is set) the times of arrival take their place: the stream keeps its time line to within SLACK_MS, for
 * pauses up to MAX_FILL_MS. What is longer is cut to that, so that no packet can make us produce an hour of silence.
 */
import { ticksFrom } from './sequence.js';

export const SILENCE_REASONS = ['lost', 'pause', 'comfort-noise', 'undecodable', 'unknown-payload', 'restart'] as const;
/** Why silence was filled in; `pause` is a jump of the timestamps while no packet was missing, and nothing announced it. */
export type SilenceReason = (typeof SILENCE_REASONS)[number];

export interface Silence {
  /** Ticks of the packet's clock; 0 for none. */
  readonly ticks: number;
  readonly reason: SilenceReason;
}

/** Covers the hiccups of a busy Asterisk, and is as far as streams of one call may come apart before it is heard. */
export const SLACK_MS = 100;
export const MAX_FILL_MS = 10_000;
/** A jump of the timestamps beyond this must show in the times of arrival, too. */
export const STEP_MS = 1000;
/** Asterisk's news that a participant has gone may be so late; a longer silence before it is a stream that had stopped. */
export const END_SLACK_MS = 1000;

const NOTHING_DUE: Silence = { ticks: 0, reason: 'pause' };

export class GapFiller {
  readonly #slackMs: number;
  #clockRate = 0;
  /** There was a packet, so that the samples given out have an end. */
  #hasEnd = false;
  /** Timestamp at which the samples given out end. */
  #end = 0;
  /** The next packet is from another SSRC or numbering than the one before. */
  #hasRestarted = false;
  /**
   * When those samples ended: the arrival of the last packet and its length. In whole ms, which V8 keeps in the field itself, and not
   * in memory of their own that has to be fetched for each packet.
   */
  #endedAt = 0;
  /** Why something is known to be missing before the next packet. */
  #hole: SilenceReason | undefined;
  /** Times at which timestamps could not be followed. */
  resyncs = 0;
  /** Pause, in ms, that was longer than what may be filled. */
  unfilledMs = 0;

  constructor(slackMs: number = SLACK_MS) {
    this.#slackMs = slackMs;
  }

  /** The packets or the audio before the next packet will not come: what they leave is silence, however short. */
  missed(reason: SilenceReason): void {
    this.#hole ??= reason;
  }

  /** The sender has restarted: its timestamps begin anew with the next packet, unless they go on as if nothing had been. */
  restart(): void {
    this.#hasRestarted = true;
  }

  /** The silence due before a packet; what is then given out must be told to `gaveSilence` and `gaveAudio`. */
  before(timestamp: number, clockRate: number, arrivedAt: number): Silence {
    const hole = this.#hole;
    const pauseMs = this.#hasEnd ? arrivedAt - this.#endedAt : undefined;
    this.#hole = undefined;
    this.#endedAt = Math.round(arrivedAt);

    const ahead = this.#hasEnd ? ticksFrom(this.#end, timestamp) : 0;
    const aheadMs = (ahead * 1000) / clockRate;
    const isFollowed = this.#hasEnd && clockRate === this.#clockRate && this.#goesOn(aheadMs, pauseMs, hole);
    this.#hasRestarted = false;
    if (!isFollowed) return this.#resync(timestamp, clockRate, pauseMs, hole ?? 'restart');
    if (ahead <= 0 || (hole === undefined && aheadMs <= this.#slackMs)) return NOTHING_DUE;
    return { ticks: ahead, reason: hole ?? 'pause' };
  }

  /** The silence due at the end of the stream, when its packets have stayed away for some time. */
  atEnd(now: number): Silence {
    const pauseMs = this.#hasEnd ? now - this.#endedAt : 0;
    const fillMs = pauseMs > END_SLACK_MS ? this.#bounded(pauseMs) : 0;
    return { ticks: Math.round((fillMs * this.#clockRate) / 1000), reason: 'lost' };
  }

  gaveSilence(ticks: number): void {
    this.#end = (this.#end + ticks) | 0;
  }

  /** The samples of the packet last asked about were given out. */
  gaveAudio(ticks: number): void {
    if (!this.#hasEnd) return;
    this.#end = (this.#end + ticks) | 0;
    this.#endedAt = Math.round(this.#endedAt + (ticks * 1000) / this.#clockRate);
  }

  /** Whether a jump of the timestamps is to be believed. */
  #goesOn(aheadMs: number, pauseMs: number | undefined, hole: SilenceReason | undefined): boolean {
    if (Math.abs(aheadMs) > MAX_FILL_MS) return false;
    const beyondArrivalMs = aheadMs - Math.max(0, pauseMs ?? 0);
    if (this.#hasRestarted) return Math.abs(beyondArrivalMs) <= this.#slackMs;
    return hole !== undefined || (beyondArrivalMs <= STEP_MS && aheadMs >= -STEP_MS);
  }

  #resync(timestamp: number, clockRate: number, pauseMs: number | undefined, reason: SilenceReason): Silence {
    if (pauseMs !== undefined) this.resyncs += 1;
    const fillMs = pauseMs === undefined || pauseMs <= this.#slackMs ? 0 : this.#bounded(pauseMs);
    const ticks = Math.round((fillMs * clockRate) / 1000);
    this.#clockRate = clockRate;
    this.#hasEnd = true;
    this.#end = (timestamp - ticks) | 0;
    return { ticks, reason };
  }

  #bounded(pauseMs: number): number {
    const fillMs = Math.min(pauseMs, MAX_FILL_MS);
    this.unfilledMs += pauseMs - fillMs;
    return fillMs;
  }
}
