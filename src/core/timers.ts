/** Named deadlines on a clock that is passed in, in milliseconds: a core sets them, its driver wakes it at the soonest. */

const NEVER = Number.POSITIVE_INFINITY;

export class Timers<Name extends string> {
  /** All that have ever been set. They are few: a Map of them grows and shrinks all the time, and that is garbage. */
  readonly #timers: { readonly name: Name; at: number }[] = [];

  set(name: Name, at: number): void {
    const present = this.#find(name);
    if (present === undefined) this.#timers.push({ name, at });
    else present.at = at;
  }

  clear(name: Name): void {
    const present = this.#find(name);
    if (present !== undefined) present.at = NEVER;
  }

  clearAll(): void {
    this.#timers.length = 0;
  }

  isSet(name: Name): boolean {
    return (this.#find(name)?.at ?? NEVER) < NEVER;
  }

  /** When to wake, or undefined while nothing is awaited. */
  soonest(): number | undefined {
    let soonest = NEVER;
    for (const { at } of this.#timers) if (at < soonest) soonest = at;
    return soonest < NEVER ? soonest : undefined;
  }

  /** Clears those whose time has come, and returns their names, the longest overdue first. */
  takeDue(now: number): Name[] {
    const due = this.#timers.filter(({ at }) => at <= now).sort((one, other) => one.at - other.at);
    for (const timer of due) timer.at = NEVER;
    return due.map(({ name }) => name);
  }

  #find(name: Name): { at: number } | undefined {
    for (const timer of this.#timers) if (timer.name === name) return timer;
    return undefined;
  }
}
