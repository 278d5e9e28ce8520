/** Named deadlines on a clock that is passed in, in milliseconds: a core sets them, its driver wakes it at the soonest. */

export class Timers<Name extends string> {
  readonly #deadlines = new Map<Name, number>();

  set(name: Name, at: number): void {
    this.#deadlines.set(name, at);
  }

  clear(name: Name): void {
    this.#deadlines.delete(name);
  }

  clearAll(): void {
    this.#deadlines.clear();
  }

  isSet(name: Name): boolean {
    return this.#deadlines.has(name);
  }

  /** When to wake, or undefined while nothing is awaited. */
  soonest(): number | undefined {
    let soonest: number | undefined;
    for (const at of this.#deadlines.values()) if (soonest === undefined || at < soonest) soonest = at;
    return soonest;
  }

  /** Removes and returns the names whose time has come, the longest overdue first. */
  takeDue(now: number): Name[] {
    const due = [...this.#deadlines].filter(([, at]) => at <= now).sort(([, a], [, b]) => a - b);
    for (const [name] of due) this.#deadlines.delete(name);
    return due.map(([name]) => name);
  }
}
