/**
 * All media planes as one. A call's stream is in one plane, and its participants are armed there, as far as their call is
 * known by then. Who comes to a call of another plane, as by a transfer, stays where its packets come: what it gives is
 * forwarded to the call's plane over a link.
 */

import type { Callflow } from '../../core/callflow.js';
import { joinedMediaFigures } from '../../core/monitoring/joined-media-figures.js';
import type { StreamForm } from '../call-streams.js';
import type { Media, MediaSocket, NewsListener, Plane } from './media.js';
import type { LiveReading, MediaAnswers, PacketReading, PlaneAnswers, PlaneNews } from './media-news.js';
import type { MediaOrder, MediaQuestion, PlaneOrder, PlaneQuestion } from './media-orders.js';

interface Seat {
  readonly plane: Plane;
  /** How many were armed here and have not ended. */
  participants: number;
}

interface RoutedParticipant {
  readonly seat: Seat;
  readonly channelid: string;
  /** The call by which it came to its seat. */
  readonly callid: string;
}

interface RoutedCall {
  readonly home: Seat;
  /** Participants that came to their seats by it, and have not ended. */
  armed: number;
  /** While participants may join its stream. */
  stream: RoutedStream | undefined;
}

/** What a plane must know of a stream that is in another. */
interface RoutedStream {
  readonly form: StreamForm;
  callflow: Callflow;
  isPaused: boolean;
  /** Planes that have a link to it. */
  readonly linked: Set<Plane>;
}

export class MediaRouter implements Media {
  readonly #seats: readonly Seat[];
  readonly #participants = new Map<number, RoutedParticipant>();
  readonly #taps = new Map<number, Seat>();
  readonly #calls = new Map<string, RoutedCall>();
  /** The planes to which links lead, as long as something may follow. */
  readonly #links = new Map<number, Plane>();
  #link = 0;
  #form: StreamForm;
  #tell: NewsListener = () => undefined;

  /** At least one plane. `form` is that of calls that begin before the first order about that. */
  constructor(planes: readonly Plane[], form: StreamForm) {
    this.#seats = planes.map((plane) => ({ plane, participants: 0 }));
    this.#form = form;
    for (const plane of planes) plane.hear((news) => this.#onNews(news));
  }

  get sockets(): readonly MediaSocket[] {
    return this.#seats.map(({ plane }) => plane.socket);
  }

  socketOf(tap: number): MediaSocket {
    return (this.#taps.get(tap) ?? this.#freest()).plane.socket;
  }

  hear(listener: NewsListener): void {
    this.#tell = listener;
  }

  order(order: MediaOrder): void {
    switch (order.kind) {
      case 'settings':
        this.#form = order.streaming.stream;
        this.#toAll(order);
        return;
      case 'measure':
      case 'give-up':
        this.#toAll(order);
        return;
      case 'arm':
        this.#arm(order);
        return;
      case 'tap': {
        const seat = this.#participants.get(order.participant)?.seat;
        if (seat !== undefined) this.#taps.set(order.tap, seat);
        seat?.plane.order(order);
        return;
      }
      case 'listen':
      case 'stop':
        this.#taps.get(order.tap)?.plane.order(order);
        if (order.kind === 'stop') this.#taps.delete(order.tap);
        return;
      case 'open':
      case 'move':
        this.#join(order);
        return;
      case 'pause':
      case 'hear':
      case 'close':
        this.#participants.get(order.participant)?.seat.plane.order(order);
        return;
      case 'callflow':
      case 'pause-call':
      case 'call-over':
        this.#orderOfCall(order);
        return;
    }
  }

  async ask<Kind extends MediaQuestion['kind']>(
    question: Extract<MediaQuestion, { readonly kind: Kind }>,
  ): Promise<MediaAnswers[Kind]> {
    // TypeScript does not narrow a type parameter by a switch.
    return (await this.#answer(question)) as MediaAnswers[Kind];
  }

  async close(): Promise<void> {
    await Promise.all(this.#seats.map(({ plane }) => plane.close()));
  }

  #onNews(news: PlaneNews): void {
    if (news.kind === 'forward') {
      this.#links.get(news.link)?.order(news);
      if (news.message === undefined) this.#links.delete(news.link);
      return;
    }
    if (news.kind === 'ended') this.#onEnded(news.participant);
    this.#tell(news);
  }

  #arm(order: Extract<MediaOrder, { readonly kind: 'arm' }>): void {
    const { participant, channelid, callid } = order;
    const call = this.#obtain(callid);
    call.armed += 1;
    call.home.participants += 1;
    this.#participants.set(participant, { seat: call.home, channelid, callid });
    call.home.plane.order(order);
  }

  #onEnded(id: number): void {
    const participant = this.#participants.get(id);
    if (participant === undefined) return;
    this.#participants.delete(id);
    participant.seat.participants -= 1;
    const call = this.#obtain(participant.callid);
    call.armed -= 1;
    this.#forgetIfDone(participant.callid, call);
  }

  #join(order: Extract<MediaOrder, { readonly kind: 'open' | 'move' }>): void {
    const plane = this.#participants.get(order.participant)?.seat.plane;
    if (plane === undefined) return;
    const { callid } = order;
    const { home, stream } = this.#begin(callid);
    if (plane !== home.plane && !stream.linked.has(plane)) {
      stream.linked.add(plane);
      this.#link += 1;
      const { form, callflow, isPaused } = stream;
      this.#links.set(this.#link, home.plane);
      home.plane.order({ kind: 'admit', link: this.#link, callid });
      plane.order({ kind: 'reach', link: this.#link, callid, form, callflow, isPaused });
    }
    plane.order(order);
  }

  #orderOfCall(order: Extract<MediaOrder, { readonly kind: 'callflow' | 'pause-call' | 'call-over' }>): void {
    const { callid } = order;
    if (order.kind === 'callflow') this.#begin(callid).stream.callflow = order.callflow;
    const call = this.#calls.get(callid);
    if (call?.stream === undefined) return;
    const { home, stream } = call;
    if (order.kind === 'pause-call') stream.isPaused = order.isPaused;
    for (const plane of [home.plane, ...stream.linked]) plane.order(order);
    if (order.kind !== 'call-over') return;
    call.stream = undefined;
    this.#forgetIfDone(callid, call);
  }

  #begin(callid: string): RoutedCall & { readonly stream: RoutedStream } {
    const call = this.#obtain(callid);
    const stream = call.stream ?? { form: this.#form, callflow: '', isPaused: false, linked: new Set() };
    return Object.assign(call, { stream });
  }

  #obtain(callid: string): RoutedCall {
    const present = this.#calls.get(callid);
    if (present !== undefined) return present;
    const call: RoutedCall = { home: this.#freest(), armed: 0, stream: undefined };
    this.#calls.set(callid, call);
    return call;
  }

  #forgetIfDone(callid: string, { armed, stream }: RoutedCall): void {
    if (armed === 0 && stream === undefined) this.#calls.delete(callid);
  }

  #freest(): Seat {
    return this.#seats.reduce((one, other) => (other.participants < one.participants ? other : one));
  }

  #toAll(order: PlaneOrder): void {
    for (const { plane } of this.#seats) plane.order(order);
  }

  #askAll<Kind extends PlaneQuestion['kind']>(
    question: Extract<PlaneQuestion, { readonly kind: Kind }>,
  ): Promise<PlaneAnswers[Kind][]> {
    return Promise.all(this.#seats.map(({ plane }) => plane.ask<Kind>(question)));
  }

  async #answer(question: MediaQuestion): Promise<MediaAnswers[keyof MediaAnswers]> {
    switch (question.kind) {
      case 'figures':
        return joinedMediaFigures(await this.#askAll(question));
      case 'packets':
        return joinedPackets(await this.#askAll(question));
      case 'live':
        return this.#live();
      case 'pulse': {
        const seat = question.tap === undefined ? undefined : this.#taps.get(question.tap);
        await (seat === undefined ? this.#askAll(question) : seat.plane.ask(question));
        return true;
      }
      case 'outcomes':
        return new Map((await this.#askAll(question)).flatMap((outcomes) => [...outcomes]));
    }
  }

  /** What a plane can't know of those whose call is in another is asked there. */
  async #live(): Promise<LiveReading[]> {
    const readings = (await this.#askAll({ kind: 'live' })).flat();
    const relayed = await Promise.all(this.#seats.map((home) => this.#relayedAt(home, readings)));
    const byParticipant = new Map(relayed.flat());
    return readings.map((reading) => ({ ...reading, ...byParticipant.get(reading.participant) }));
  }

  async #relayedAt(home: Seat, readings: readonly LiveReading[]) {
    const guests = readings.flatMap(({ participant: id, callid }) => {
      const participant = this.#participants.get(id);
      const isGuest = participant !== undefined && participant.seat !== home && this.#calls.get(callid)?.home === home;
      return isGuest ? [{ id, callid, channelid: participant.channelid }] : [];
    });
    if (guests.length === 0) return [];
    const of = guests.map(({ callid, channelid }) => ({ callid, channelid }));
    const answer = await home.plane.ask({ kind: 'relayed', of });
    return guests.map(({ id }, index) => [id, answer[index]] as const);
  }
}

function joinedPackets(readings: readonly PacketReading[]): PacketReading {
  return {
    ofParticipants: new Map(readings.flatMap(({ ofParticipants }) => [...ofParticipants])),
    ofTaps: new Map(readings.flatMap(({ ofTaps }) => [...ofTaps])),
    strangers: [...new Set(readings.flatMap(({ strangers }) => strangers))],
  };
}
