/** What the page is told while it looks: running calls when they change, and figures five times a second. */
import { joinLevels, type Level, levelOf, NO_AUDIO, peakDbfs, rmsDbfs, roundLevel } from '../../core/audio/level.js';
import type { Health } from '../../io/web/contract/health.js';
import type { LiveFigures, LiveMessage } from '../../io/web/contract/live.js';
import type { LivePort } from '../../io/web/live-routes.js';
import type { Participant } from '../participant.js';
import type { CallsDesk, StreamedParticipant } from './calls-desk.js';

/** Five times a second is smooth to the eye. */
export const FIGURES_EVERY_MS = 200;

type Send = (message: LiveMessage) => void;

/** Nothing is measured while nobody looks. */
export class LiveWatch implements LivePort {
  readonly #desk: CallsDesk;
  readonly #health: () => Health;
  readonly #watchers = new Set<Send>();
  readonly #meters = new Map<Participant, Meter>();
  #timer: NodeJS.Timeout | undefined;
  #lastCalls = '';
  #lastHealth = '';

  constructor(desk: CallsDesk, health: () => Health) {
    this.#desk = desk;
    this.#health = health;
  }

  watch(send: Send): () => void {
    this.#watchers.add(send);
    send({ kind: 'calls', calls: this.#desk.running() });
    send({ kind: 'health', health: this.#health() });
    this.#timer ??= setInterval(() => this.#tick(), FIGURES_EVERY_MS);
    return () => {
      this.#watchers.delete(send);
      if (this.#watchers.size === 0) this.#rest();
    };
  }

  /** Somebody saved settings. */
  settingsSaved(revision: number, savedBy: string): void {
    this.#tell({ kind: 'settings', revision, savedBy });
  }

  callOver(callid: string): void {
    this.#tell({ kind: 'call-over', callid });
  }

  #tick(): void {
    this.#lastCalls = this.#tellIfNew({ kind: 'calls', calls: this.#desk.running() }, this.#lastCalls);
    const streamed = this.#desk.streamed();
    this.#measure(streamed.map(({ participant }) => participant));
    this.#tell({
      kind: 'figures',
      participants: Object.fromEntries(streamed.map((one) => [one.view.channelid, this.#figuresOf(one)])),
      reconnects: Object.fromEntries(
        streamed.flatMap(({ participant: { call } }) =>
          call === undefined ? [] : [[call.callid, call.stream.reconnects]],
        ),
      ),
    });
    // What changes with every look at it (counters, the uptime) is no news by itself.
    const health = this.#health();
    const news = JSON.stringify([health.asterisk, health.receiver]);
    if (news !== this.#lastHealth) this.#tell({ kind: 'health', health });
    this.#lastHealth = news;
  }

  #tellIfNew(message: LiveMessage, last: string): string {
    const text = JSON.stringify(message);
    if (text !== last) this.#tell(message);
    return text;
  }

  #figuresOf({ participant }: StreamedParticipant): LiveFigures {
    const level = this.#meters.get(participant)?.take() ?? NO_AUDIO;
    const { fragments, lostMs, pausedMs } = participant.stats;
    const waiting = participant.call?.stream.waitingOf(participant.channelid) ?? 0;
    return [
      roundLevel(rmsDbfs(level)),
      roundLevel(peakDbfs(level)),
      fragments,
      waiting,
      Math.round(lostMs),
      Math.round(pausedMs),
    ];
  }

  #measure(participants: readonly Participant[]): void {
    const present = new Set(participants);
    for (const [participant, meter] of this.#meters) {
      if (present.has(participant)) continue;
      meter.stop();
      this.#meters.delete(participant);
    }
    for (const participant of present) {
      if (!this.#meters.has(participant)) this.#meters.set(participant, new Meter(participant));
    }
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const meter of this.#meters.values()) meter.stop();
    this.#meters.clear();
  }

  #tell(message: LiveMessage): void {
    for (const send of this.#watchers) send(message);
  }
}

/** The level of what a participant said since it was last asked. */
class Meter {
  readonly stop: () => void;
  #level: Level = NO_AUDIO;

  constructor(participant: Participant) {
    this.stop = participant.listen((pcm) => {
      this.#level = joinLevels(this.#level, levelOf(pcm));
    });
  }

  take(): Level {
    const level = this.#level;
    this.#level = NO_AUDIO;
    return level;
  }
}
