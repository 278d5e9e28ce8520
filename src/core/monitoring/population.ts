/** How many of a kind there are now, and how many there have been. */

export class Population<Member> {
  readonly #present = new Set<Member>();
  #total = 0;

  get present(): ReadonlySet<Member> {
    return this.#present;
  }

  /** All that ever came. */
  get total(): number {
    return this.#total;
  }

  /** One that is there already is not counted again. */
  add(member: Member): void {
    if (this.#present.has(member)) return;
    this.#present.add(member);
    this.#total += 1;
  }

  /** Tells whether it was there. */
  delete(member: Member): boolean {
    return this.#present.delete(member);
  }
}
