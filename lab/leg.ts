/** One far end of one call: a channel of the farm's Asterisk that plays, listens and hangs up. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type AriHttp, type AriQuery, AriRefusal } from './ari-http.js';
import type { AriEvent } from './ari-stream.js';
import { deferred } from './deferred.js';
import { samplesOf } from './sounds.js';

/** What a far end does once it is in a call. */
export interface LegConduct {
  /** A sound file's path without its ending: Asterisk takes the one that suits the call's sample rate. */
  readonly plays?: string;
  /** Plays it again and again. Between two rounds there may be a gap of some milliseconds. */
  readonly repeats?: boolean;
  /** Keeps what it hears, see `heard`. */
  readonly records?: boolean;
  readonly hangsUpAfterMs?: number;
}

/** How a far end takes a call: after so many milliseconds, never, not at all (486), or somebody else does (302). */
export type Taking = number | 'never' | 'busy' | { readonly forwardsTo: string };

export interface LegEnd {
  /** Q.850: 16 is a normal end, 17 busy, 19 no answer. */
  readonly cause: number;
  readonly text: string;
}

/** Whether it called, or was called: as a phone, or as a number of the outside world. */
export type Side = 'caller' | 'phone' | 'trunk';

export interface LegPlace {
  /** Of its channel. */
  readonly id: string;
  readonly number: string;
  readonly side: Side;
  /** The ARI application that gets its events. */
  readonly app: string;
  /** Where Asterisk puts recordings. */
  readonly recordingDir: string;
  /** Host and port of the PBX's SIP. */
  readonly pbxAddress: string;
  /** Told of requests that failed while nobody waited for them. */
  readonly onProblem: (error: unknown) => void;
}

/** Sample rate of what a leg has heard; Asterisk resamples when the call's own differs. */
export const HEARD_RATE = 16_000;

/** Asterisk's words for "that channel is gone" and "that channel is just going": the other side was quicker. */
const GONE = [404, 409, 412];
/** What it says, with status 500, of a snoop on a channel that is just going. */
const NO_SNOOP = 'Snoop channel could not be created';

const REDIRECT = '/redirect';
/** A phone's REFER is accepted within a few milliseconds. */
const BYE_AFTER_REFER_MS = 400;
const HANG_UP_LIMIT_MS = 10_000;

export class Leg {
  readonly number: string;
  readonly side: Side;
  readonly channelId: string;
  /** Settles when the channel is gone. */
  readonly ended: Promise<LegEnd>;
  /** Settles when the call is answered and its sound, if there is one, has begun. */
  readonly up: Promise<void>;
  /** What this end has been sent by DTMF so far. */
  digits = '';

  readonly #ari: AriHttp;
  readonly #place: LegPlace;
  readonly #conduct: LegConduct;
  readonly #up = deferred<void>();
  readonly #ended = deferred<LegEnd>();
  readonly #earOpen = deferred<void>();
  readonly #recorded = deferred<void>();
  #state: 'ringing' | 'up' | 'over' = 'ringing';
  #isRecorded = false;
  #timer: NodeJS.Timeout | undefined;
  #playbacks = 0;

  constructor(ari: AriHttp, place: LegPlace, conduct: LegConduct) {
    this.#ari = ari;
    this.#place = place;
    this.#conduct = conduct;
    this.number = place.number;
    this.side = place.side;
    this.channelId = place.id;
    this.up = this.#up.promise;
    this.ended = this.#ended.promise;
    void this.#recorded.promise.then(() => {
      this.#isRecorded = true;
    });
    if (!conduct.records) this.#recorded.settle();
  }

  /** Settles when the channel and its recording are done. */
  get finished(): Promise<unknown> {
    return Promise.all([this.ended, this.#recorded.promise]);
  }

  /** In words, for whoever waits in vain. */
  get state(): string {
    return `${this.number} (${this.channelId}): ${this.#state}${this.#isRecorded ? '' : ', recording'}`;
  }

  /** Whether it is in a call now. */
  get isUp(): boolean {
    return this.#state === 'up';
  }

  /** Rejects when the channel stays, as one does that waits for what became of its REFER at a PBX that was killed. */
  async hangUp(): Promise<void> {
    await this.#ask('DELETE', '');
    const end = await Promise.race([this.ended, pause(HANG_UP_LIMIT_MS, undefined, { ref: false })]);
    if (end !== undefined) return;
    const text = `did not hang up within ${HANG_UP_LIMIT_MS / 1000} s`;
    this.#onDestroyed({ cause: 0, text });
    throw new Error(`${this.number} ${text}`);
  }

  /** Sends digits as a phone's keys do (RFC 4733). */
  async press(digits: string): Promise<void> {
    await this.#inBetween('/dtmf', { dtmf: digits });
  }

  /** Transfers the other end to a number, as the phone's key for a blind transfer does (REFER). */
  async transferTo(number: string): Promise<void> {
    await this.#redirect(`sip:${number}@${this.#place.pbxAddress}`);
  }

  /** Joins the other end with that of a second call of this phone, answered or ringing (REFER with Replaces, RFC 3891). */
  async transferToEndOf(other: Leg): Promise<void> {
    const [callId, theirs, own] = [
      await other.#sip('call-id'),
      await other.#sip('remote_tag'),
      await other.#sip('local_tag'),
    ];
    const replaces = encodeURIComponent(`${callId};to-tag=${theirs};from-tag=${own}`);
    await this.#redirect(`<sip:${other.number}@${this.#place.pbxAddress}?Replaces=${replaces}>`);
  }

  /** Puts the other end on hold, as the phone's key does (a re-INVITE, sendonly). */
  async hold(): Promise<void> {
    await this.#inBetween('/hold');
  }

  async unhold(): Promise<void> {
    await this.#inBetween('/hold', {}, 'DELETE');
  }

  /** Plays a sound once, from now on. */
  async play(file: string): Promise<void> {
    this.#playbacks += 1;
    await this.#ask('POST', `/play/${this.#playbackId}`, { media: `sound:${file}` });
  }

  /** All that this end has heard, as samples at HEARD_RATE; waits for the call's end. */
  async heard(): Promise<Int16Array> {
    if (!this.#conduct.records) throw new Error(`${this.number} was not told to record`);
    await this.ended;
    await this.#recorded.promise;
    const bytes = await readFile(join(this.#place.recordingDir, `${this.#recordingName}.sln16`));
    return samplesOf(bytes);
  }

  /**
   * Rings for a while, then takes the call; `never` leaves it ringing, `busy` refuses it, a number forwards it there
   * (302).
   */
  async ring(afterMs: Taking): Promise<void> {
    if (afterMs === 'busy') {
      await this.#ask('DELETE', '', { reason: 'busy' });
      return;
    }
    if (typeof afterMs === 'object') {
      await this.#redirect(`sip:${afterMs.forwardsTo}@${this.#place.pbxAddress}`);
      return;
    }
    await this.#ask('POST', '/ring');
    if (typeof afterMs === 'number') this.#after(afterMs, async () => this.#take());
  }

  /** The call is answered: does what it was told to do. */
  async begin(): Promise<void> {
    if (this.#state !== 'ringing') return;
    this.#state = 'up';
    const { plays, records, hangsUpAfterMs } = this.#conduct;
    if (records) await this.#openEar();
    if (plays !== undefined) await this.play(plays);
    if (hangsUpAfterMs !== undefined) this.#after(hangsUpAfterMs, async () => this.#ask('DELETE', ''));
    this.#up.settle();
  }

  onEvent(event: AriEvent): void {
    switch (event.type) {
      case 'StasisStart':
        if (event.channel.id === this.#earId) this.#earOpen.settle();
        break;
      case 'PlaybackFinished':
        if (event.playback.id === this.#playbackId) this.#onPlayed();
        break;
      case 'RecordingFinished':
      case 'RecordingFailed':
        if (event.recording.name === this.#recordingName) this.#recorded.settle();
        break;
      case 'ChannelDtmfReceived':
        if (event.channel.id === this.channelId) this.digits += event.digit;
        break;
      case 'ChannelDestroyed':
        if (event.channel.id === this.channelId) this.#onDestroyed({ cause: event.cause, text: event.cause_txt });
        break;
    }
  }

  get #playbackId(): string {
    return `${this.channelId}-voice-${this.#playbacks}`;
  }

  get #earId(): string {
    return `${this.channelId}-ear`;
  }

  get #recordingName(): string {
    return `${this.channelId}-heard`;
  }

  async #take(): Promise<void> {
    if (await this.#ask('POST', '/answer')) await this.begin();
  }

  /** Recording goes through a snoop, because a channel cannot play and record at once. */
  async #openEar(): Promise<void> {
    const { app } = this.#place;
    const query = { name: this.#recordingName, format: 'sln16', ifExists: 'overwrite' };
    const records =
      (await this.#ask('POST', `/snoop/${this.#earId}`, { spy: 'in', app, appArgs: 'ear' })) &&
      (await Promise.race([this.#earOpen.promise.then(() => true), this.ended.then(() => false)])) &&
      (await this.#ask('POST', '/record', query, this.#earId));
    if (!records) this.#recorded.settle();
  }

  /** What a phone is told to do waits behind what it plays: that stops, and begins anew afterwards. */
  async #inBetween(path: string, query: AriQuery = {}, method = 'POST'): Promise<void> {
    const { plays } = this.#conduct;
    const playbackId = this.#playbackId;
    this.#playbacks += 1;
    if (plays !== undefined) await this.#ari.request('DELETE', `playbacks/${playbackId}`).catch(ignoreGone);
    await this.#ask(method, path, query);
    if (plays !== undefined && this.isUp && path !== REDIRECT) await this.play(plays);
  }

  /** The PBX leaves it to the transferring phone to end its call. A 302 has ended it. */
  async #redirect(target: string): Promise<void> {
    await this.#inBetween(REDIRECT, { endpoint: `PJSIP/${target}` });
    this.#after(BYE_AFTER_REFER_MS, async () => this.#ask('DELETE', ''));
  }

  async #sip(item: string): Promise<string> {
    const query = { variable: `CHANNEL(pjsip,${item})` };
    return (await this.#ari.request<{ value: string }>('GET', `channels/${this.channelId}/variable`, query)).value;
  }

  #onPlayed(): void {
    const { plays, repeats } = this.#conduct;
    if (repeats && plays !== undefined && this.isUp) this.play(plays).catch(this.#place.onProblem);
  }

  #onDestroyed(end: LegEnd): void {
    clearTimeout(this.#timer);
    if (this.#state === 'ringing') this.#recorded.settle();
    this.#state = 'over';
    this.#ended.settle(end);
  }

  #after(ms: number, action: () => Promise<unknown>): void {
    if (this.#state === 'over') return;
    this.#timer = setTimeout(() => void action().catch(this.#place.onProblem), ms);
  }

  /** False when the channel is gone already. */
  async #ask(method: string, path: string, query: AriQuery = {}, channel = this.channelId): Promise<boolean> {
    try {
      await this.#ari.request(method, `channels/${channel}${path}`, query);
      return true;
    } catch (error) {
      ignoreGone(error);
      return false;
    }
  }
}

function ignoreGone(error: unknown): void {
  const isGone = error instanceof AriRefusal && (GONE.includes(error.status) || error.message.includes(NO_SNOOP));
  if (!isGone) throw error;
}
