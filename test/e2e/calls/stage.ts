/**
 * Where the scenes of calls are played: a PBX with all of lab/scenario-conf, phones and
 * outside numbers that each have a voice of their own, the add-on, and a receiver.
 */
import { expect, test } from '@jest/globals';
import type { AnswerConduct } from '../../../lab/farm.js';
import { type Lab, startLab } from '../../../lab/lab.js';
import { HEARD_RATE, type Leg, type Taking } from '../../../lab/leg.js';
import { MUSIC_HZ } from '../../../lab/music.js';
import { writeSound } from '../../../lab/sounds.js';
import { until } from '../../../lab/until.js';
import { tone } from '../../tones.js';
import { AddOn, type SettingsPart } from '../add-on.js';
import { nothingLeft } from '../leftovers.js';
import { CallListener, type HeardConnection, type HeardStream } from './call-listener.js';
import { audibleIn, silencesOf, type Voices, voicesIn } from './tone-script.js';

/** Who rings in from outside, and who is called there. */
export const OUTSIDE_CALLER = '4989111222';
export const OUTSIDE_NUMBER = '4930654321';

/** None is near a harmonic of another, nor near a phone key's frequency. */
const VOICES: Voices = {
  '1001': 410,
  '1002': 530,
  '1003': 650,
  '1004': 790,
  '1005': 890,
  '1201': 1030,
  '1202': 1130,
  '1203': 1270,
  '1210a': 1390,
  '1210b': 1510,
  [OUTSIDE_CALLER]: 1570,
  [OUTSIDE_NUMBER]: 1870,
  music: MUSIC_HZ,
};
const VOICE_DBFS = -20;
const VOICE_SECONDS = 40;
const PHONE_RATE = 8_000;
const STREAM_RATE = 8_000;
/** Of a voice in its stream; a late packet of the phone's costs one window. */
const LONGEST_PAUSE_MS = 200;
/** A transferring phone is silent for this long before it hangs up; after a pickup a tap is made anew. */
const LONGEST_SILENCE_AROUND_MS = 600;

/** A stream as it should be: whose label, whose voice. */
export interface Said {
  readonly number: string;
  /** Such as `PJSIP/1001`, the channel's name without its serial number. */
  readonly endpoint: string;
  readonly voices: readonly string[];
}

/** A call as it should be at the receiver: one connection. */
export interface StreamedCallScript {
  /** One after the other. */
  readonly callflows: readonly string[];
  /** By channelid. */
  readonly streams: readonly Said[];
}

/** A party that is heard in its own stream and nowhere else. */
export function says(number: string, endpoint = `PJSIP/${number}`, voices: readonly string[] = [number]): Said {
  return { number, endpoint, voices };
}

export const START_LIMIT_MS = 300_000;
export const SCENE_LIMIT_MS = 60_000;
/** How long a scene's parties talk before it goes on. */
export const TALK_MS = 1_000;

/** One test, on a stage that the file has opened. */
export function scene(name: string, play: () => Promise<void>): void {
  test(name, play, SCENE_LIMIT_MS);
}

/** The same play with several casts; `%s` in the name stands for a cast's first word. */
scene.each =
  <Cast extends readonly [string, ...string[]]>(casts: readonly Cast[]) =>
  (name: string, play: (...cast: Cast) => Promise<void>): void => {
    for (const cast of casts) scene(name.replace('%s', cast[0]), () => play(...cast));
  };

export class Stage {
  readonly lab: Lab;
  readonly #listener: CallListener;
  #addOn: AddOn;
  #lines = 0;

  private constructor(lab: Lab, listener: CallListener, addOn: AddOn) {
    this.lab = lab;
    this.#listener = listener;
    this.#addOn = addOn;
  }

  /** Everybody is subscribed unless told else. */
  static async open(subscriptions: SettingsPart = { extensions: ['*'], trunks: ['*'] }): Promise<Stage> {
    const lab = await startLab({ scenarios: true });
    for (const [name, hz] of Object.entries(VOICES)) {
      await writeSound(lab.folder, `voice-${name}`, PHONE_RATE, tone(hz, PHONE_RATE, VOICE_SECONDS, VOICE_DBFS));
    }
    const listener = await new CallListener(STREAM_RATE).start();
    return new Stage(lab, listener, await startAddOn(lab, listener, subscriptions));
  }

  /** Starts the add-on anew with other subscriptions. */
  async subscribe(subscriptions: SettingsPart): Promise<void> {
    await this.#addOn.stop();
    this.#lines = 0;
    this.#addOn = await startAddOn(this.lab, this.#listener, subscriptions);
  }

  async close(): Promise<void> {
    await this.#addOn.stop();
    await this.#listener.stop();
    await this.lab.stop();
  }

  /** How a phone takes calls from now on: it rings for a moment unless told else. */
  answers(phone: string, afterMs: Taking = 200): void {
    this.lab.phones.answers(phone, this.#conduct(phone, afterMs));
  }

  outsideAnswers(number = OUTSIDE_NUMBER): void {
    this.lab.trunk.answers(number, this.#conduct(OUTSIDE_NUMBER, 200));
  }

  async calls(from: string, to: string): Promise<Leg> {
    return this.lab.phones.call({ from, to, ...this.#voice(from) });
  }

  async dials(from: string, to: string): Promise<Leg> {
    return this.lab.phones.dial({ from, to, ...this.#voice(from) });
  }

  async callsIn(did: string): Promise<Leg> {
    return this.lab.trunk.callsIn({ did, callerId: OUTSIDE_CALLER, ...this.#voice(OUTSIDE_CALLER) });
  }

  /** By the second trunk, whose dialplan is FreePBX's. */
  async callsInByB(did: string): Promise<Leg> {
    return this.lab.trunkB.callsIn({ did, callerId: OUTSIDE_CALLER, ...this.#voice(OUTSIDE_CALLER) });
  }

  async answeredBy(phone: string): Promise<Leg> {
    return this.lab.phones.answeredBy(phone);
  }

  /** Waits until some channel of the PBX is in this dialplan application. */
  async reaches(application: string): Promise<void> {
    await until(`a channel is in ${application}`, async () => {
      const channels = await this.lab.pbxAri.request<{ dialplan: { app_name: string } }[]>('GET', 'channels');
      return channels.some(({ dialplan }) => dialplan.app_name === application);
    });
  }

  /** Waits until channels of both of these endpoints, such as `PJSIP/1001`, are in one bridge of the PBX. */
  async joins(one: string, other: string): Promise<void> {
    await until(`${one} and ${other} are in one bridge`, async () => {
      const channels = await this.lab.pbxAri.request<{ id: string; name: string }[]>('GET', 'channels');
      const bridges = await this.lab.pbxAri.request<{ channels: string[] }[]>('GET', 'bridges');
      const isIn = (endpoint: string, ids: readonly string[]): boolean =>
        channels.some(({ id, name }) => name.startsWith(`${endpoint}-`) && ids.includes(id));
      return bridges.some(({ channels: ids }) => isIn(one, ids) && isIn(other, ids));
    });
  }

  /**
   * Waits until every call is over, checks what holds for all, and gives the calls as the receiver got them. Voices are to
   * be without a pause, but for those that are named.
   */
  async result(pausing: readonly string[] = []): Promise<StreamedCallScript[]> {
    const connections = await this.#connections();
    const isBroken = ({ voice, betweenMs, aroundMs }: Silences): boolean =>
      !pausing.includes(voice) && (betweenMs > LONGEST_PAUSE_MS || aroundMs > LONGEST_SILENCE_AROUND_MS);
    expect(silencesIn(connections).filter(isBroken)).toEqual([]);
    return connections.map(scriptOf);
  }

  /** The same, whatever pauses there are: for more calls than the machine may have time for. */
  async roughResult(): Promise<StreamedCallScript[]> {
    return (await this.#connections()).map(scriptOf);
  }

  async #connections(): Promise<HeardConnection[]> {
    await nothingLeft(this.lab);
    const connections = await this.#listener.allClosed();
    this.#check(connections);
    return connections;
  }

  #check(connections: readonly HeardConnection[]): void {
    expect(this.#listener.faults).toEqual([]);
    expect(this.lab.problems).toEqual([]);
    expect(connections.map(({ closeCode }) => closeCode)).toEqual(connections.map(() => 1000));
    const streams = connections.flatMap((connection) => [...connection.streams.values()]);
    expect(streams.filter(({ ends }) => ends !== 1).map(({ channelid }) => channelid)).toEqual([]);
    const problems = this.#addOn.lines.slice(this.#lines).filter(({ level }) => level === 'warn' || level === 'error');
    this.#lines = this.#addOn.lines.length;
    expect(problems).toEqual([]);
  }

  #conduct(voice: string, afterMs: Taking): AnswerConduct {
    return { afterMs, ...this.#voice(voice) };
  }

  /** The sound of a voice, for calls that are placed without recording what they hear. */
  soundOf(name: string): string {
    return `${this.lab.folder}/voice-${name}`;
  }

  #voice(name: string): { plays: string; records: true } {
    return { plays: this.soundOf(name), records: true };
  }
}

async function startAddOn(lab: Lab, { address }: CallListener, subscriptions: SettingsPart): Promise<AddOn> {
  // The lists that are not given are empty.
  const lists = { extensions: [], ...subscriptions };
  const streaming = { serverAddress: address, sampleRate: STREAM_RATE, subscriptions: lists };
  const addOn = await AddOn.start(lab, undefined, { streaming });
  await addOn.says('connected to Asterisk');
  return addOn;
}

/** The voices that a party has heard, in the order in which it heard them first. Waits for the end of its call. */
export async function heardBy(leg: Leg): Promise<string[]> {
  return voicesIn(await leg.heard(), HEARD_RATE, VOICES);
}

function scriptOf({ callflows, streams }: HeardConnection): StreamedCallScript {
  const inOrder = [...streams.values()].sort((one, other) => (one.channelid < other.channelid ? -1 : 1));
  return { callflows, streams: inOrder.map(saidIn) };
}

function saidIn(stream: HeardStream): Said {
  const { channelid, number } = stream;
  return {
    number,
    endpoint: channelid.replace(/-[0-9a-f]+$/, ''),
    voices: voicesIn(pcmOf([stream]), STREAM_RATE, VOICES),
  };
}

interface Silences {
  readonly channelid: string;
  readonly voice: string;
  readonly betweenMs: number;
  readonly aroundMs: number;
}

/** Silences of each voice in the stream of each channel, also where that went on over another connection. */
function silencesIn(connections: readonly HeardConnection[]): Silences[] {
  const byChannel = new Map<string, HeardStream[]>();
  for (const stream of connections.flatMap(({ streams }) => [...streams.values()])) {
    byChannel.set(stream.channelid, [...(byChannel.get(stream.channelid) ?? []), stream]);
  }
  return [...byChannel].flatMap(([channelid, streams]) =>
    [...audibleIn(pcmOf(streams), STREAM_RATE, VOICES)].map(([voice, audible]) => {
      return { channelid, voice, ...silencesOf(audible) };
    }),
  );
}

function pcmOf(streams: readonly HeardStream[]): Int16Array {
  const fragments = streams.flatMap((stream) => stream.fragments);
  const all = new Int16Array(fragments.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const fragment of fragments) {
    all.set(fragment, at);
    at += fragment.length;
  }
  return all;
}
