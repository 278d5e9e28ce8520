/** A provider of the lab, behind one of the PBX's trunks. The numbers of the outside world answer at every provider. */
import type { AnswerConduct, Farm } from './farm.js';
import type { Leg, LegConduct } from './leg.js';

export interface InboundCall extends LegConduct {
  /** The number of the PBX that is dialled. */
  readonly did: string;
  /** The caller's own number. */
  readonly callerId: string;
}

export class Trunk {
  readonly #farm: Farm;
  readonly #endpoint: string;

  /** `endpoint` is the farm's, from which calls into the PBX come. */
  constructor(farm: Farm, endpoint: string) {
    this.#farm = farm;
    this.#endpoint = endpoint;
  }

  /** How a number of the outside world takes calls from now on. One that was told nothing is busy. */
  answers(number: string, conduct: AnswerConduct = {}): void {
    this.#farm.answers('trunk', number, conduct);
  }

  /** Calls a DID, and gives the caller's end once it is answered; throws with the cause when it is not. */
  async callsIn({ did, callerId, ...conduct }: InboundCall): Promise<Leg> {
    return this.#farm.originate({ endpoint: `PJSIP/${did}@${this.#endpoint}`, number: callerId, callerId, ...conduct });
  }

  /** The leg on which an outside number has taken a call and still is in it. Waits until there is one. */
  async answeredBy(number: string, limitMs?: number): Promise<Leg> {
    return this.#farm.answeredBy('trunk', number, limitMs);
  }
}
