/** What other programs may ask about this one: metrics, health and readiness, at a listener of their own. */

import type { Log } from '../core/log.js';
import { BEAT_EVERY_MS, Pulse } from '../core/monitoring/pulse.js';
import { type Reachability, readiness } from '../core/monitoring/readiness.js';
import type { HostPort } from '../core/settings/addresses.js';
import { MetricsRegistry } from '../io/monitoring/metrics-registry.js';
import { type HealthAnswer, MonitoringServer } from '../io/monitoring/monitoring-server.js';
import { monotonicMs } from './drive.js';
import { type FigureSources, readFigures } from './figures.js';

const MS_PER_SECOND = 1000;

export class Monitoring {
  readonly #sources: FigureSources;
  readonly #version: string;
  readonly #begun = monotonicMs();
  readonly #pulse = new Pulse(monotonicMs());
  /** Of the media plane, which may have a thread of its own. */
  readonly #mediaPulse = new Pulse(monotonicMs());
  #isMediaAsked = false;
  readonly #beat: NodeJS.Timeout;
  #server: MonitoringServer | undefined;

  private constructor(sources: FigureSources, version: string) {
    this.#sources = sources;
    this.#version = version;
    this.#beat = setInterval(() => this.#onBeat(), BEAT_EVERY_MS);
    this.#beat.unref();
  }

  /** Answers from now on. Rejects with MONITORING_LISTEN_FAILED. */
  static async open(listen: HostPort, sources: FigureSources, version: string, log: Log): Promise<Monitoring> {
    const monitoring = new Monitoring(sources, version);
    const registry = new MetricsRegistry(() => monitoring.#figures());
    try {
      monitoring.#server = await MonitoringServer.open(listen, {
        metrics: async () => ({ contentType: registry.contentType, text: await registry.text() }),
        health: () => monitoring.#health(),
        readiness: () => monitoring.#readiness(),
      });
    } catch (error) {
      clearInterval(monitoring.#beat);
      throw error;
    }
    log.info(`monitoring on http://${monitoring.#server.address}`, { on: monitoring.#server.address });
    return monitoring;
  }

  async close(): Promise<void> {
    clearInterval(this.#beat);
    await this.#server?.close();
  }

  #onBeat(): void {
    this.#pulse.beat(monotonicMs());
    if (!this.#isMediaAsked) void this.#askMedia();
  }

  async #askMedia(): Promise<void> {
    this.#isMediaAsked = true;
    await this.#sources.media.ask({ kind: 'pulse' });
    this.#isMediaAsked = false;
    this.#mediaPulse.beat(monotonicMs());
  }

  #latenessMs(now: number): number {
    return Math.max(this.#pulse.latenessMs(now), this.#mediaPulse.latenessMs(now));
  }

  #figures() {
    return readFigures(this.#sources, this.#version, this.#latenessMs(monotonicMs()));
  }

  #health(): HealthAnswer {
    const now = monotonicMs();
    const isGood = !this.#pulse.isStuck(now) && !this.#mediaPulse.isStuck(now);
    const uptimeSeconds = Math.round((now - this.#begun) / MS_PER_SECOND);
    const timerLateSeconds = Math.round(this.#latenessMs(now)) / MS_PER_SECOND;
    const status = isGood ? 'ok' : 'stuck';
    return { isGood, report: { status, version: this.#version, uptimeSeconds, timerLateSeconds } };
  }

  #readiness(): HealthAnswer {
    const { asterisk, receiver } = this.#sources;
    const { isReady, report } = readiness(
      { ...reachability(asterisk.since, asterisk.problem), version: asterisk.version },
      reachability(receiver.since, receiver.trouble),
      Date.now(),
    );
    return { isGood: isReady, report };
  }
}

function reachability(since: Date | undefined, problem: Reachability['problem']): Reachability {
  return { since: since?.getTime(), problem };
}
