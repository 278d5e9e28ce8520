/** A call with an add-on and a receiver of its own, so that faults of several receivers run side by side on one lab. */
import { expect } from '@jest/globals';
import type { Lab } from '../../../lab/lab.js';
import { parsePrometheusText } from '../../prometheus-text.js';
import { AddOn, merged, type SettingsPart } from '../add-on.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { type Heard, ListeningReceiver, type ReceiverOptions } from '../listening-receiver.js';
import { flows, type NoiseCall, noiseCall, RATE, withoutRepeats } from '../noise-call.js';

export const SECRET = 'hush-hush-0815';
export type Parties = readonly [from: string, to: string];
/** How long audio is offered after a call's end, and then some. */
const DELIVERY_LIMIT_MS = 45_000;

/** What came of a call, and what the add-on says of it; all in fragments, of both parties together. */
export interface Account {
  /** One for each party, the caller first, with what came twice taken out. */
  readonly streams: readonly Heard[];
  readonly repeats: number;
  /** Given to the queue, by the log: what arrived and what was lost. */
  readonly produced: readonly number[];
  readonly reported: { readonly dropped: number; readonly unconfirmed: number; readonly reconnects: number };
}

const LOST = 'ari_audio_stream_fragments_lost_total';

export class FaultyCall {
  readonly #lab: Lab;
  readonly parties: Parties;
  readonly receiver: ListeningReceiver;
  readonly addOn: AddOn;
  #call: NoiseCall | undefined;

  private constructor(lab: Lab, parties: Parties, receiver: ListeningReceiver, addOn: AddOn) {
    this.#lab = lab;
    this.parties = parties;
    this.receiver = receiver;
    this.addOn = addOn;
  }

  /** The add-on sees this call only, unless `changes` says else. `through` is a command that runs it. */
  static async prepare(
    lab: Lab,
    parties: Parties,
    changes: SettingsPart | ((receiver: ListeningReceiver) => SettingsPart) = {},
    { through = [], ...options }: Partial<ReceiverOptions> & { readonly through?: readonly string[] } = {},
  ): Promise<FaultyCall> {
    const receiver = await new ListeningReceiver({ sampleRate: RATE, ...options }).start();
    const own = {
      asterisk: { app: `fault-${parties[0]}` },
      streaming: {
        subscriptions: { extensions: parties },
        secret: { name: 'X-Api-Key', value: SECRET },
      },
    };
    const addOn = await AddOn.start(
      lab,
      receiver,
      merged(own, typeof changes === 'function' ? changes(receiver) : changes),
      through,
    );
    await addOn.says('connected to Asterisk');
    return new FaultyCall(lab, parties, receiver, addOn);
  }

  /** Places the call, and waits for its audio at the receiver unless told not to. */
  async begin({ isHeard = true } = {}): Promise<void> {
    this.#call = await noiseCall(this.#lab, isHeard ? this.receiver : undefined, ...this.parties);
  }

  /** Waits until so many more fragments of each party have come. */
  async flows(fragments?: number): Promise<void> {
    await flows(this.receiver, this.parties, fragments);
  }

  /** Hangs up, waits until all is delivered, and checks whatever holds for every fault: most of all that the phones heard nothing of it. */
  async end(): Promise<Account> {
    if (this.#call === undefined) throw new Error('there is no call');
    await this.#call.caller.hangUp();
    const report = await this.addOn.logs(
      'the end of the call',
      ({ message }) => /^call streamed/.test(message),
      DELIVERY_LIMIT_MS,
    );
    const heard = (await this.receiver.ended(this.parties)).map(withoutRepeats);
    await expectUnharmed(this.#call);
    expect(this.addOn.output).not.toContain(SECRET);
    expect(this.addOn.output).not.toContain('"code":"UNEXPECTED"');
    expect(heard.map(({ once }) => once.ends)).toEqual([1, 1]);
    const [dropped, unconfirmed, reconnects] = [report.dropped, report.unconfirmed, report.reconnects].map(Number);
    expect(await this.#lostByMetrics()).toEqual({ dropped, unconfirmed });
    return {
      streams: heard.map(({ once }) => once),
      repeats: heard.reduce((sum, { repeats }) => sum + repeats, 0),
      produced: heard.map(({ once }) => this.#producedOf(once)),
      reported: { dropped: dropped ?? 0, unconfirmed: unconfirmed ?? 0, reconnects: reconnects ?? 0 },
    };
  }

  /** Ends the call, too, where the fault has kept `end` from being reached. */
  async stop(): Promise<void> {
    if (this.#call?.caller.isUp) await this.#call.caller.hangUp();
    await this.addOn.stop();
    await this.receiver.stop();
  }

  async #lostByMetrics() {
    const answer = await fetch(`${this.addOn.monitoringUrl}/metrics`);
    const lost = parsePrometheusText(await answer.text()).get(LOST)?.series;
    return {
      dropped: lost?.get(`${LOST}{reason="buffer_full"}`),
      unconfirmed: lost?.get(`${LOST}{reason="unconfirmed"}`),
    };
  }

  #producedOf({ channelid }: Heard): number {
    const line = this.addOn.lines.find((one) => one.message === 'participant ended' && one.channel === channelid);
    return Number(line?.fragments);
  }
}
