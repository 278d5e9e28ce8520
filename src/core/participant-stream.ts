/**
 * One participant's audio: RTP datagrams and their times of arrival in, fragments of PCM at the wanted rate out.
 *
 *     parse -> order -> decode -> gaps -> (before the answer: pre-roll) -> resample -> fragments
 *
 * Nothing leaves before `open`, which says that the participant has answered; then the pre-roll leaves first.
 */
import { Fragmenter, NO_FRAGMENTS } from './audio/fragmenter.js';
import type { OpusDecoderFactory } from './audio/opus.js';
import { PreRoll } from './audio/pre-roll.js';
import type { Resampler, ResamplerFactory } from './audio/resampler.js';
import { type Gap, GapList } from './gap-list.js';
import { newCounts, type ParticipantStats, statsOf } from './participant-stats.js';
import { Pause } from './pause.js';
import { PayloadDecoder } from './payload-decoder.js';
import { GapFiller, type Silence, type SilenceReason } from './rtp/gap-filler.js';
import { Jitter } from './rtp/jitter.js';
import { RtpPacket } from './rtp/packet.js';
import { COMFORT_NOISE, type PayloadFormat, payloadFormat } from './rtp/payload-format.js';
import { type OrderedPacket, ReorderBuffer } from './rtp/reorder-buffer.js';

export interface ParticipantStreamOptions {
  /** Hz of the fragments. */
  readonly sampleRate: number;
  readonly fragmentSamples: number;
  readonly createResampler: ResamplerFactory;
  /** Without it Opus packets are counted and replaced by silence. */
  readonly createOpusDecoder?: OpusDecoderFactory;
  /** How long a packet may wait for those missing before it. Default: DEFAULT_WAIT_MS. */
  readonly reorderWaitMs?: number;
}

type State = 'waiting-for-answer' | 'open' | 'over';

/**
 * Silence in which the participant had no line to speak on, or announced that he says nothing. A pause of another kind is a loss:
 * a snoop sends a packet each 20 ms whatever its party does, so one of Asterisk's packets stays away only when that has hung.
 */
const NO_LOSS: ReadonlySet<SilenceReason> = new Set(['comfort-noise', 'restart']);

/** The packet that is taken, of whatever stream: it goes all of its way before the next one comes. */
const incoming = new RtpPacket();

export class ParticipantStream {
  // To each of many streams packets come so seldom that its state has to be fetched from memory: what each needs is together.
  #state: State = 'waiting-for-answer';
  #packets = 0;
  #octets = 0;
  #samplesIn = 0;
  readonly #jitter = new Jitter();
  readonly #order: ReorderBuffer;
  readonly #gaps = new GapFiller();
  readonly #decoder: PayloadDecoder;
  #format: PayloadFormat | undefined;
  /** Undefined as long as there has been none. */
  #pause: Pause | undefined;
  /** Hz of the samples that were last given out, before resampling. */
  #rate: number;
  #resampler: Resampler | undefined;
  readonly #fragmenter: Fragmenter;
  /** All but the three above, until somebody asks. */
  readonly #counts = newCounts();
  readonly #sampleRate: number;
  readonly #createResampler: ResamplerFactory;
  readonly #fragmentSamples: number;
  readonly #preRoll = new PreRoll();
  readonly #gapList = new GapList();

  constructor(options: ParticipantStreamOptions) {
    this.#sampleRate = options.sampleRate;
    this.#fragmentSamples = options.fragmentSamples;
    this.#createResampler = options.createResampler;
    this.#rate = options.sampleRate;
    this.#order = new ReorderBuffer(options.reorderWaitMs);
    this.#decoder = new PayloadDecoder(options.sampleRate, options.createOpusDecoder);
    this.#fragmenter = new Fragmenter(options.fragmentSamples);
  }

  /** Takes one datagram, whose memory the caller leaves alone from now on. Returned fragments are the caller's to keep. */
  receive(datagram: Uint8Array, now: number): readonly Int16Array[] {
    if (this.#state === 'over') return NO_FRAGMENTS;
    this.#packets += 1;
    this.#octets += datagram.length;
    const problem = incoming.read(datagram);
    if (problem !== undefined) {
      this.#counts.malformed[problem] += 1;
      return NO_FRAGMENTS;
    }
    const format = payloadFormat(incoming.payloadType);
    if (format !== undefined) this.#jitter.observe(incoming, format.clockRate, now);
    return this.#order.passes(incoming) ? this.#playOne(incoming, now) : this.#play(this.#order.push(incoming, now));
  }

  /** The participant has answered: gives out what was said just before we knew, and from now on everything. */
  open(now: number): Int16Array[] {
    if (this.#state !== 'waiting-for-answer') return [];
    const overdue = this.tick(now);
    this.#state = 'open';
    const blocks = this.#preRoll.open();
    for (const { samples } of blocks) this.#counts.samplesBeforeAnswer -= samples.length;
    return [...overdue, ...blocks.flatMap(({ samples, sampleRate }) => this.#give(samples, sampleRate))];
  }

  /** From now on silence is given out in the place of what is said, until `resume`. */
  pause(): void {
    this.#pause ??= new Pause();
    this.#pause.begin();
  }

  /** What arrives after `now`, in ms, is given out again; what was said before stays unheard. */
  resume(now: number): void {
    this.#pause?.end(now);
  }

  /** Gives up waiting for packets that are overdue. */
  tick(now: number): readonly Int16Array[] {
    return this.#state === 'over' ? NO_FRAGMENTS : this.#play(this.#order.tick(now));
  }

  /** When `tick` is next wanted, in ms; undefined when nothing waits. */
  nextWake(): number | undefined {
    return this.#state === 'over' ? undefined : this.#order.nextWake();
  }

  /**
   * The stream is over since `now`, in ms: gives out all that is still held, and silence for the time in which nothing came
   * any more; the last fragment is filled up with silence.
   */
  end(now: number): Int16Array[] {
    if (this.#state === 'over') return [];
    const fragments = [...this.#play(this.#order.flush())];
    if (this.#state === 'open' && this.#format !== undefined) {
      fragments.push(...this.#fill(this.#format, this.#gaps.atEnd(now), now));
    }
    if (this.#state === 'open') fragments.push(...this.#flushResampler(), ...this.#lastFragment());
    this.close();
    return fragments;
  }

  /** Frees what decoder and resampler hold; what was not given out is dropped. A second call does nothing. */
  close(): void {
    this.#state = 'over';
    this.#decoder.close();
    this.#resampler?.close();
    this.#resampler = undefined;
  }

  /** A snapshot. */
  get stats(): ParticipantStats {
    this.#counts.packets = this.#packets;
    this.#counts.octets = this.#octets;
    this.#counts.samplesIn = this.#samplesIn;
    return statsOf(this.#counts, this.#order.counts, this.#gaps, this.#jitter.ms);
  }

  /** Where silence stands in the place of audio, on the clock of the times of arrival. */
  get gaps(): readonly Gap[] {
    return this.#gapList.gaps;
  }

  /** The stages the audio goes through, for one line in the log: `l16@8000 -> order -> gaps -> 8000>16000 -> 640`. */
  get signalPath(): string {
    const source = this.#format === undefined ? 'nothing yet' : this.#format.codec;
    const rate = this.#format === undefined ? this.#sampleRate : this.#decoder.sampleRate(this.#format);
    const stages = [this.#format === undefined ? source : `${source}@${rate}`, 'order', 'gaps'];
    if (rate !== this.#sampleRate) stages.push(this.#resampler?.name ?? `${rate}>${this.#sampleRate}`);
    return [...stages, this.#fragmentSamples].join(' -> ');
  }

  #play(ordered: readonly OrderedPacket[]): readonly Int16Array[] {
    return ordered.flatMap(({ packet, arrivedAt, after }) => {
      if (after === 'loss') this.#gaps.missed('lost');
      if (after === 'restart') {
        this.#gaps.restart();
        this.#decoder.restart();
      }
      return this.#playOne(packet, arrivedAt);
    });
  }

  #playOne(packet: RtpPacket, arrivedAt: number): readonly Int16Array[] {
    if (packet.payloadType === COMFORT_NOISE) {
      this.#counts.comfortNoise += 1;
      this.#gaps.missed('comfort-noise');
      return NO_FRAGMENTS;
    }
    const format = payloadFormat(packet.payloadType);
    if (format === undefined) {
      this.#counts.unknownPayload += 1;
      this.#gaps.missed('unknown-payload');
      return NO_FRAGMENTS;
    }
    this.#format = format;

    const due = this.#gaps.before(packet.timestamp, format.clockRate, arrivedAt);
    const filled = this.#fill(format, due, arrivedAt);
    const samples = this.#decoder.decode(format, packet.datagram, packet.start, packet.end);
    if (typeof samples === 'string') {
      this.#counts.undecodable[samples] += 1;
      this.#gaps.missed('undecodable');
      return filled;
    }
    this.#samplesIn += samples.length;
    this.#gaps.gaveAudio(samples.length * this.#ticksPerSample(format));
    if (this.#pause?.covers(arrivedAt)) this.#silence(format, samples, arrivedAt);
    return joined(filled, this.#keepOrGive(format, samples));
  }

  /** Silence that ends at a time. */
  #fill(format: PayloadFormat, { ticks, reason }: Silence, endsAt: number): readonly Int16Array[] {
    const ticksPerSample = this.#ticksPerSample(format);
    const missing = Math.floor(ticks / ticksPerSample);
    if (missing === 0) return NO_FRAGMENTS;
    this.#counts.silenceSamples[reason] += missing;
    if (!NO_LOSS.has(reason)) {
      const ms = (missing * 1000) / this.#decoder.sampleRate(format);
      this.#counts.lostMs += ms;
      this.#gapList.add({ at: endsAt - ms, ms, why: 'lost' });
    }
    this.#gaps.gaveSilence(missing * ticksPerSample);
    return this.#keepOrGive(format, new Int16Array(missing));
  }

  #silence(format: PayloadFormat, samples: Int16Array, arrivedAt: number): void {
    const ms = (samples.length * 1000) / this.#decoder.sampleRate(format);
    samples.fill(0);
    this.#counts.pausedMs += ms;
    this.#gapList.add({ at: arrivedAt, ms, why: 'paused' });
  }

  /** One, except for Opus decoded at less than its clock: there it is a whole number, all OPUS_RATES dividing 48000. */
  #ticksPerSample(format: PayloadFormat): number {
    return format.clockRate / this.#decoder.sampleRate(format);
  }

  #keepOrGive(format: PayloadFormat, samples: Int16Array): readonly Int16Array[] {
    const sampleRate = this.#decoder.sampleRate(format);
    if (this.#state === 'open') return this.#give(samples, sampleRate);
    this.#preRoll.push({ samples, sampleRate, silenceLevel: this.#decoder.silenceLevel(format) });
    this.#counts.samplesBeforeAnswer += samples.length;
    return NO_FRAGMENTS;
  }

  #give(samples: Int16Array, sampleRate: number): readonly Int16Array[] {
    const flushed = sampleRate === this.#rate ? NO_FRAGMENTS : this.#changeRate(sampleRate);
    return joined(flushed, this.#fragment(this.#resampler === undefined ? samples : this.#resampler.push(samples)));
  }

  /** Gives out all that was heard at the old rate before the new one begins. */
  #changeRate(sampleRate: number): readonly Int16Array[] {
    const fragments = this.#flushResampler();
    this.#rate = sampleRate;
    if (sampleRate !== this.#sampleRate) {
      this.#resampler = this.#createResampler(sampleRate, this.#sampleRate);
    }
    return fragments;
  }

  #flushResampler(): readonly Int16Array[] {
    if (this.#resampler === undefined) return NO_FRAGMENTS;
    const fragments = this.#fragment(this.#resampler.flush());
    this.#resampler.close();
    this.#resampler = undefined;
    return fragments;
  }

  #fragment(samples: Int16Array): readonly Int16Array[] {
    const fragments = this.#fragmenter.push(samples);
    if (fragments.length === 0) return fragments;
    this.#counts.fragments += fragments.length;
    this.#counts.samplesOut += fragments.length * this.#fragmentSamples;
    return fragments;
  }

  #lastFragment(): readonly Int16Array[] {
    const last = this.#fragmenter.flush();
    if (last === undefined) return NO_FRAGMENTS;
    this.#counts.fragments += 1;
    this.#counts.samplesOut += last.fragment.length - last.padding;
    this.#counts.paddingSamples += last.padding;
    return [last.fragment];
  }
}

/** Makes an array only where both have something. */
function joined(first: readonly Int16Array[], then: readonly Int16Array[]): readonly Int16Array[] {
  if (first.length === 0) return then;
  return then.length === 0 ? first : [...first, ...then];
}
