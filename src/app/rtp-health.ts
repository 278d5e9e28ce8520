/** What the log says of audio that does not arrive: once for each situation, with what to do, and when it is over. */

import { type Missing, type RtpAddresses, whyNoRtp } from '../core/check/rtp-findings.js';
import { StreamError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { hostPort } from '../core/settings/addresses.js';

export interface RtpHealthOptions {
  /** HOST:PORT that Asterisk is told to send a tap's audio to, and where its packets are awaited. */
  readonly addressesOf: (tap: number) => Pick<RtpAddresses, 'advertised' | 'listening'>;
  /** `media.format`. */
  readonly format: string;
  /** HOST:PORT of senders whom no tap knows. */
  readonly strangers: () => readonly string[];
  /** Our address on the way to Asterisk, once it is known. */
  readonly ownAddress: () => string | undefined;
  readonly log: Log;
}

/** The same situation is repeated in the log only this often. */
const REMIND_EVERY_MS = 600_000;

export class RtpHealth {
  /** How often a tap was found without packets. */
  readonly counts = { tapsWithoutRtp: 0 };
  readonly #options: RtpHealthOptions;
  readonly #hearing = new Set<number>();
  readonly #deaf = new Set<number>();
  #saidAt: number | undefined;

  constructor(options: RtpHealthOptions) {
    this.#options = options;
  }

  /** Live taps that get no packet at present. */
  get deafTaps(): number {
    return this.#deaf.size;
  }

  /** Packets have begun to come, for the first time or again. */
  arrives(tap: number): void {
    this.#deaf.delete(tap);
    this.#hearing.add(tap);
    if (this.#deaf.size > 0 || this.#saidAt === undefined) return;
    this.#saidAt = undefined;
    this.#options.log.info('audio arrives from Asterisk again', { taps: this.#hearing.size });
  }

  /** No packet has come for some seconds, though Asterisk has the tap. */
  missing(tap: number, channel: string, source: { readonly address: string; readonly port: number }): void {
    const { log, addressesOf, format, strangers, ownAddress } = this.#options;
    this.#hearing.delete(tap);
    this.#deaf.add(tap);
    this.counts.tapsWithoutRtp += 1;
    const from = hostPort(source.address, source.port);
    const facts = { format, source: from, strangers: strangers(), ownAddress: ownAddress() };
    const { message, code } = new StreamError(
      'RTP_MISSING',
      'machine',
      wordsFor(whyNoRtp({ ...addressesOf(tap), ...facts }), this.#hearing.size),
    );
    const fields = { code, channel, tapsWithout: this.#deaf.size, tapsWith: this.#hearing.size };
    const isNews = this.#saidAt === undefined || performance.now() - this.#saidAt > REMIND_EVERY_MS;
    log[isNews ? 'warn' : 'debug'](message, fields);
    if (isNews) this.#saidAt = performance.now();
  }

  /** The tap is no more. What was said of it stays said until packets come. */
  gone(tap: number): void {
    this.#hearing.delete(tap);
    this.#deaf.delete(tap);
  }
}

function wordsFor({ what, why, lines }: Missing, tapsWith: number): string {
  const change = lines.map(({ where, text }) => `${where}: ${text}`).join(' | ');
  const others = tapsWith === 0 ? '' : ` Other participants (${tapsWith}) have audio, so the address itself is right.`;
  return `${what}. ${why}${others} Change: ${change} | More: ari-audio-stream check`;
}
