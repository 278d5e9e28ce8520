/**
 * The packets that are on a line, in the order in which they are due at its other end. When a busy process gets to its timers,
 * Node runs those of one duration together, before others that were due earlier; so whatever rings, all that is due before
 * leaves first, and only what shall overtake does.
 */

export class LineQueue {
  readonly #pass: (packet: Buffer) => void;
  readonly #onLine: { readonly packet: Buffer; readonly dueAt: number }[] = [];

  constructor(pass: (packet: Buffer) => void) {
    this.#pass = pass;
  }

  /** The packet is due then, in ms; of those due at the same time, the first put passes first. */
  put(packet: Buffer, dueAt: number): void {
    const before = this.#onLine.findLastIndex((other) => other.dueAt <= dueAt);
    this.#onLine.splice(before + 1, 0, { packet, dueAt });
  }

  /** Lets all pass that are due by then. */
  passUntil(time: number): void {
    const staying = this.#onLine.findIndex(({ dueAt }) => dueAt > time);
    const count = staying < 0 ? this.#onLine.length : staying;
    for (const { packet } of this.#onLine.splice(0, count)) this.#pass(packet);
  }
}
