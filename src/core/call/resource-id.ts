/**
 * Names for what we create in Asterisk. We choose the id before we ask, so that an event that outruns the answer finds
 * its owner, a repeat can't make a second one, and after a crash the name says what is ours to remove.
 *
 *     aas~<application>~<run>~<tap>~<piece>        aas~ari-audio-stream~k3x9q2~17~snoop
 */

export const PIECES = ['snoop', 'media', 'bridge'] as const;
export type Piece = (typeof PIECES)[number];

/** What a tap consists of in Asterisk: a snoop channel, an externalMedia channel, and the bridge that joins them. */
export class ResourceNames {
  readonly #prefix: string;
  readonly #run: string;

  /** `run` tells this run of the program from earlier ones: Asterisk may not like to see a bridge's id again soon. */
  constructor(application: string, run: string) {
    this.#prefix = `aas~${application}~`;
    this.#run = run;
  }

  idOf(tap: number, piece: Piece): string {
    return `${this.#prefix}${this.#run}~${tap}~${piece}`;
  }

  /** For what is no part of a tap but made for one. */
  idOfProbe(): string {
    return `${this.#prefix}${this.#run}~probe`;
  }

  /** Whether this application made it, in this run or an earlier one. */
  isOurs(id: string): boolean {
    return id.startsWith(this.#prefix);
  }

  /** The tap and piece that an id of this run names, or undefined for any other id. */
  parse(id: string): { readonly tap: number; readonly piece: Piece } | undefined {
    if (!id.startsWith(`${this.#prefix}${this.#run}~`)) return undefined;
    const [tap, piece] = id.slice(this.#prefix.length + this.#run.length + 1).split('~');
    const known = PIECES.find((name) => name === piece);
    return known === undefined ? undefined : { tap: Number(tap), piece: known };
  }
}
