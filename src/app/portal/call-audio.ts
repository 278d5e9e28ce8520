/** Lets one participant, or a whole call, be heard on the page: those who join are heard, too, and the end is told. */
import type { AudioHead } from '../../io/web/contract/live.js';
import type { AudioPort, AudioSink } from '../../io/web/live-routes.js';
import type { Participant } from '../participant.js';
import type { CallsDesk } from './calls-desk.js';

/** How soon those who join are heard, in ms. */
const LOOK_EVERY_MS = 200;
/** The index of a participant is one octet on the wire. */
const MOST_PARTICIPANTS = 256;

export class CallAudio implements AudioPort {
  readonly #desk: CallsDesk;

  constructor(desk: CallsDesk) {
    this.#desk = desk;
  }

  listen(callid: string, channelid: string | undefined, sink: AudioSink): (() => void) | undefined {
    const call = this.#desk.call(callid);
    if (call === undefined || this.#present(callid, channelid).length === 0) return undefined;

    const heard = new Map<Participant, Ear>();
    let next = 0;
    const look = (): void => {
      const present = this.#present(callid, channelid);
      let isChanged = false;
      for (const [participant, ear] of heard) {
        if (present.includes(participant)) continue;
        ear.stop();
        heard.delete(participant);
        isChanged = true;
      }
      for (const participant of present) {
        if (heard.has(participant) || next >= MOST_PARTICIPANTS) continue;
        const index = next++;
        heard.set(participant, { index, stop: participant.listen((pcm) => sink.audio(index, pcm)) });
        isChanged = true;
      }
      if (isChanged) sink.head(headOf(call.sampleRate, heard));
      if (heard.size === 0) {
        stop();
        sink.over();
      }
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    const stop = (): void => {
      clearInterval(timer);
      for (const ear of heard.values()) ear.stop();
      heard.clear();
    };
    look();
    return stop;
  }

  #present(callid: string, channelid: string | undefined): Participant[] {
    return this.#desk
      .streamed(callid)
      .map(({ participant }) => participant)
      .filter((participant) => channelid === undefined || participant.channelid === channelid);
  }
}

interface Ear {
  readonly index: number;
  readonly stop: () => void;
}

function headOf(sampleRate: number, heard: ReadonlyMap<Participant, Ear>): AudioHead {
  return {
    kind: 'participants',
    sampleRate,
    participants: [...heard].map(([participant, { index }]) => ({
      index,
      channelid: participant.channelid,
      number: participant.number,
    })),
  };
}
