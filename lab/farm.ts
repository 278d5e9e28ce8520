/**
 * The far ends of the lab's calls, phones and provider alike, on a second Asterisk. That Asterisk does the media; this
 * file hands each of its channels to a leg, and tells the leg how its number takes calls.
 */
import { AriHttp } from './ari-http.js';
import { ARI_EVENT_TYPES, type AriEvent, openAriStream } from './ari-stream.js';
import type { AsteriskInstance } from './asterisk/instance.js';
import { Leg, type LegConduct, type Side, type Taking } from './leg.js';
import { until } from './until.js';

/** How a far end takes calls. */
export interface AnswerConduct extends LegConduct {
  /** How long it rings, in milliseconds, or what it does instead. At once by default. */
  readonly afterMs?: Taking;
}

export interface Origination extends LegConduct {
  /** What the farm's Asterisk dials, e.g. `PJSIP/1002@phone-1001`. */
  readonly endpoint: string;
  /** Whose leg it is. */
  readonly number: string;
  readonly callerId: string;
}

const APP = 'lab-farm';
/** How long an unanswered call rings. */
const RING_LIMIT_S = 60;

export class Farm {
  /** Requests that failed while nobody waited for them; a test may insist that there are none. */
  readonly problems: unknown[] = [];

  readonly #asterisk: AsteriskInstance;
  readonly #ari: AriHttp;
  readonly #pbxAddress: string;
  readonly #conducts = new Map<string, AnswerConduct>();
  readonly #legs = new Set<Leg>();
  #calls = 0;
  #disconnect: () => Promise<void> = async () => {};

  /** `pbxAddress` is the host and port of the PBX's SIP. */
  constructor(asterisk: AsteriskInstance, pbxAddress: string) {
    this.#pbxAddress = pbxAddress;
    this.#asterisk = asterisk;
    this.#ari = new AriHttp(asterisk.ari);
  }

  async connect(): Promise<void> {
    this.#disconnect = await openAriStream(this.#asterisk.ari, APP, (event) => this.#onEvent(event));
    // With many calls at once, reading all the other events would be most of our work.
    const allowed = ARI_EVENT_TYPES.map((type) => ({ type }));
    await this.#ari.request('PUT', `applications/${APP}/eventFilter`, {}, { allowed });
  }

  async disconnect(): Promise<void> {
    await this.#disconnect();
  }

  /** From now on `number` takes calls like this. */
  answers(side: Side, number: string, conduct: AnswerConduct): void {
    this.#conducts.set(`${side} ${number}`, conduct);
  }

  /** Places a call and gives its leg once it is answered; throws with the cause when it is not. */
  async originate(call: Origination): Promise<Leg> {
    const leg = await this.dial(call);
    const end = await Promise.race([leg.up, leg.ended]);
    if (end !== undefined) throw new Error(`${call.endpoint} was not answered: ${end.cause} ${end.text}`);
    return leg;
  }

  /** Places a call and gives its leg at once, whatever becomes of it. */
  async dial({ endpoint, number, callerId, ...conduct }: Origination): Promise<Leg> {
    this.#calls += 1;
    const leg = this.#addLeg(`lab-call-${this.#calls}`, number, 'caller', conduct);
    const query = { endpoint, callerId, app: APP, appArgs: 'calling', timeout: String(RING_LIMIT_S) };
    try {
      await this.#ari.request('POST', `channels/${leg.channelId}`, query);
    } catch (error) {
      this.#legs.delete(leg);
      throw error;
    }
    return leg;
  }

  /** The leg on which `number` is in a call that it was called for; waits until there is one. */
  async answeredBy(side: Side, number: string, limitMs?: number): Promise<Leg> {
    const isIt = (leg: Leg): boolean => leg.side === side && leg.number === number && leg.isUp;
    const leg = await until(`${number} has answered`, () => [...this.#legs].find(isIt), limitMs);
    await Promise.race([leg.up, leg.ended]);
    return leg;
  }

  /** Hangs up whatever is left. */
  async hangUpAll(): Promise<void> {
    await Promise.all([...this.#legs].map((leg) => leg.hangUp()));
  }

  #addLeg(id: string, number: string, side: Side, conduct: LegConduct): Leg {
    const onProblem = (error: unknown): void => void this.problems.push(error);
    const { recordingDir } = this.#asterisk;
    const place = { id, number, side, app: APP, recordingDir, pbxAddress: this.#pbxAddress, onProblem };
    const leg = new Leg(this.#ari, place, conduct);
    this.#legs.add(leg);
    void leg.finished.then(() => this.#legs.delete(leg));
    return leg;
  }

  #onEvent(event: AriEvent): void {
    if (event.type === 'StasisStart') this.#onStart(event.channel.id, event.args);
    for (const leg of this.#legs) leg.onEvent(event);
  }

  #onStart(id: string, [purpose = '', number = '']: readonly string[]): void {
    if (purpose === 'calling') {
      const leg = [...this.#legs].find(({ channelId }) => channelId === id);
      leg?.begin().catch((error) => this.problems.push(error));
    } else if (purpose === 'phone' || purpose === 'trunk') {
      const { afterMs = 0, ...conduct } = this.#conducts.get(`${purpose} ${number}`) ?? { afterMs: 'busy' };
      const leg = this.#addLeg(id, number, purpose, conduct);
      leg.ring(afterMs).catch((error) => this.problems.push(error));
    }
  }
}
