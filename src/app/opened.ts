/** What was opened on the way, to be closed in the opposite order, whatever happened in between. */

type Closer = () => unknown;

export class Opened {
  readonly #closers: Closer[] = [];

  /** Keeps what closes a thing, and gives the thing back. */
  add<Thing>(thing: Thing, close: (thing: Thing) => unknown): Thing {
    this.#closers.push(() => close(thing));
    return thing;
  }

  /** Closes everything, one after the other. A second call does nothing. */
  async close(): Promise<void> {
    for (let closer = this.#closers.pop(); closer !== undefined; closer = this.#closers.pop()) await closer();
  }
}
