/** The lab's phones: each is registered at the PBX under its extension, and calls or takes calls as it is told. */
import type { AnswerConduct, Farm, Origination } from './farm.js';
import type { Leg, LegConduct } from './leg.js';

export interface PhoneCall extends LegConduct {
  /** The extension that calls, or one of its phones where it has several. */
  readonly from: string;
  /** What it dials. */
  readonly to: string;
}

export class Phones {
  readonly #farm: Farm;

  constructor(farm: Farm) {
    this.#farm = farm;
  }

  /** How an extension takes calls from now on. One that was told nothing is busy. */
  answers(extension: string, conduct: AnswerConduct = {}): void {
    this.#farm.answers('phone', extension, conduct);
  }

  /** Calls, and gives the caller's end of the call once it is answered; throws with the cause when it is not. */
  async call(call: PhoneCall): Promise<Leg> {
    return this.#farm.originate(originationOf(call));
  }

  /** Calls, and gives the caller's end at once: it may be hung up while it rings. */
  async dial(call: PhoneCall): Promise<Leg> {
    return this.#farm.dial(originationOf(call));
  }

  /** The other end: the leg on which an extension has taken a call and still is in it. Waits until there is one. */
  async answeredBy(extension: string, limitMs?: number): Promise<Leg> {
    return this.#farm.answeredBy('phone', extension, limitMs);
  }
}

function originationOf({ from, to, ...conduct }: PhoneCall): Origination {
  return { endpoint: `PJSIP/${to}@phone-${from}`, number: from, callerId: from, ...conduct };
}
