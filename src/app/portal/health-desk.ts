/** How the program is doing, as the page shows it: each connection in plain words, with what to do. */
import { ARI_ADVICE } from '../../core/ari-advice.js';
import type { StreamError } from '../../core/errors.js';
import { ASTERISK_UNVERIFIED, RECEIVER_UNVERIFIED } from '../../core/insecure-advice.js';
import type { MediaFigures } from '../../core/monitoring/media-figures.js';
import { RECEIVER_ADVICE } from '../../core/receiver-advice.js';
import type { LogTail } from '../../io/log-tail.js';
import type { ConnectionHealth, Health, LogLine } from '../../io/web/contract/health.js';
import type { HealthPort } from '../../io/web/health-routes.js';
import type { AsteriskHealth } from '../asterisk-health.js';
import { monotonicMs } from '../drive.js';
import type { FigureSources } from '../figures.js';
import type { ReceiverHealth } from '../receiver-health.js';

export interface HealthDeskOptions {
  readonly sources: FigureSources;
  readonly tail: LogTail;
  /** Whose certificate is not verified. */
  readonly unverified: () => { readonly asterisk: boolean; readonly receiver: boolean };
  readonly version: string;
  readonly nodeVersion: string;
}

const MS_PER_SECOND = 1000;
const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

export class HealthDesk implements HealthPort {
  readonly #options: HealthDeskOptions;
  readonly #begunAt = new Date();
  readonly #begun = monotonicMs();

  constructor(options: HealthDeskOptions) {
    this.#options = options;
  }

  connections(): Pick<Health, 'asterisk' | 'receiver'> {
    const { sources } = this.#options;
    const unverified = this.#options.unverified();
    return {
      asterisk: warned(ofAsterisk(sources.asterisk), unverified.asterisk, ASTERISK_UNVERIFIED),
      receiver: warned(ofReceiver(sources.receiver, this.#begunAt), unverified.receiver, RECEIVER_UNVERIFIED),
    };
  }

  async health(): Promise<Health> {
    const { sources, version, nodeVersion } = this.#options;
    const counted = await sources.media.ask({ kind: 'figures' });
    return {
      ...this.connections(),
      versions: { program: version, node: nodeVersion, asterisk: sources.asterisk.version ?? null },
      uptimeSeconds: Math.round((monotonicMs() - this.#begun) / MS_PER_SECOND),
      counters: countersOf(sources, counted),
    };
  }

  logLines(after: number, limit: number): LogLine[] {
    return this.#options.tail.after(after, limit).map(({ serial, time, level, message, fields }) => ({
      serial,
      at: time,
      level: LEVELS.find((one) => one === level) ?? 'info',
      message,
      fields: { ...fields },
    }));
  }
}

function ofAsterisk({ version, problem, since }: AsteriskHealth): ConnectionHealth {
  if (version !== undefined) return up(`Connected to Asterisk ${plainVersion(version)}.`, since);
  if (problem !== undefined) return trouble(problem, ARI_ADVICE[problem.code], since);
  return { state: 'idle', message: 'Connecting to Asterisk …', advice: null, code: null, since: since.toISOString() };
}

/** Without what a distribution adds to it, such as `+dfsg`: that stands under Versions. */
function plainVersion(version: string): string {
  return version.replace(/[+~].*$/, '');
}

function ofReceiver({ trouble: problem, since }: ReceiverHealth, begunAt: Date): ConnectionHealth {
  if (problem !== undefined) return trouble(problem, RECEIVER_ADVICE[problem.code], since ?? begunAt);
  if (since !== undefined) return up('The receiver took the last connection.', since);
  const message = 'No call has been streamed yet, so the receiver has not been needed.';
  return { state: 'idle', message, advice: null, code: null, since: begunAt.toISOString() };
}

function warned(health: ConnectionHealth, isUnverified: boolean, words: string): ConnectionHealth {
  if (!isUnverified) return health;
  return { ...health, advice: health.advice === null ? words : `${health.advice} ${words}` };
}

function up(message: string, since: Date): ConnectionHealth {
  return { state: 'up', message, advice: null, code: null, since: since.toISOString() };
}

function trouble({ code, message }: StreamError, advice: string | undefined, since: Date): ConnectionHealth {
  return { state: 'trouble', message: `${message}.`, advice: advice ?? null, code, since: since.toISOString() };
}

function countersOf({ tally }: FigureSources, { sent, rtp }: MediaFigures): Health['counters'] {
  const { dropped, unconfirmed, resent, reconnects, fragments, octets } = sent;
  const of = (name: string, value: number, unit = '') => ({ name, value, unit });
  return [
    of('Calls streamed now', tally.calls.present.size),
    of('Calls streamed since the start', tally.calls.total),
    of('Participants now', tally.participants.present.size),
    of('Participants since the start', tally.participants.total),
    of('Fragments sent', fragments),
    of('Audio sent', octets, 'bytes'),
    of('Fragments sent again after a broken connection', resent),
    of('Connections that came back', reconnects),
    of('Fragments lost: the receiver was away too long', dropped + unconfirmed),
    of('RTP packets received', rtp.received),
    of('RTP packets from strangers, dropped', rtp.strangers),
    of('Taps that failed', tally.tapsFailed),
  ];
}
