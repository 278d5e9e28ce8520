/** What the page is told while it looks: running calls when they change, and figures five times a second. */
import { NO_AUDIO, peakDbfs, rmsDbfs, roundLevel } from '../../core/audio/level.js';
import type { LiveFigures, LiveMessage } from '../../io/web/contract/live.js';
import type { LivePort } from '../../io/web/live-routes.js';
import type { LiveReading } from '../media/media-news.js';
import type { CallsDesk } from './calls-desk.js';
import type { HealthDesk } from './health-desk.js';

/** Five times a second is smooth to the eye. */
export const FIGURES_EVERY_MS = 200;

type Send = (message: LiveMessage) => void;

/** Nothing is measured while nobody looks. */
export class LiveWatch implements LivePort {
  readonly #desk: CallsDesk;
  readonly #health: HealthDesk;
  readonly #watchers = new Set<Send>();
  #timer: NodeJS.Timeout | undefined;
  #lastCalls = '';
  #lastHealth = '';
  #isLooking = false;

  constructor(desk: CallsDesk, health: HealthDesk) {
    this.#desk = desk;
    this.#health = health;
  }

  watch(send: Send): () => void {
    this.#watchers.add(send);
    send({ kind: 'calls', calls: this.#desk.running() });
    void this.#health.health().then((health) => {
      if (this.#watchers.has(send)) send({ kind: 'health', health });
    });
    if (this.#timer === undefined) this.#begin();
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

  #begin(): void {
    this.#desk.measure(true);
    this.#timer = setInterval(() => void this.#lookOnce(), FIGURES_EVERY_MS);
  }

  /** One at a time: while the media plane is busy, what it would say is old. */
  async #lookOnce(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#look();
    } finally {
      this.#isLooking = false;
    }
  }

  async #look(): Promise<void> {
    this.#lastCalls = this.#tellIfNew({ kind: 'calls', calls: this.#desk.running() }, this.#lastCalls);
    this.#tellFigures(await this.#desk.readings());
    // What changes with every look at it (counters, the uptime) is no news by itself.
    const news = JSON.stringify(this.#health.connections());
    if (news !== this.#lastHealth) this.#tell({ kind: 'health', health: await this.#health.health() });
    this.#lastHealth = news;
  }

  #tellFigures(readings: ReadonlyMap<number, LiveReading>): void {
    const streamed = this.#desk.streamed();
    this.#tell({
      kind: 'figures',
      participants: Object.fromEntries(
        streamed.map(({ view, participant }) => [view.channelid, figuresOf(readings.get(participant.id))]),
      ),
      reconnects: Object.fromEntries(
        streamed.flatMap(({ participant: { id, call } }) =>
          call === undefined ? [] : [[call.callid, readings.get(id)?.reconnects ?? 0]],
        ),
      ),
    });
  }

  #tellIfNew(message: LiveMessage, last: string): string {
    const text = JSON.stringify(message);
    if (text !== last) this.#tell(message);
    return text;
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#desk.measure(false);
  }

  #tell(message: LiveMessage): void {
    for (const send of this.#watchers) send(message);
  }
}

/** Nothing has come yet of one that the media plane does not know. */
function figuresOf(reading: LiveReading | undefined): LiveFigures {
  const { level = NO_AUDIO, fragments = 0, waiting = 0, lostMs = 0, pausedMs = 0 } = reading ?? {};
  return [
    roundLevel(rmsDbfs(level)),
    roundLevel(peakDbfs(level)),
    fragments,
    waiting,
    Math.round(lostMs),
    Math.round(pausedMs),
  ];
}
