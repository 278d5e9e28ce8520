/**
 * A pause that an administrator orders, so that nobody hears what is said meanwhile (card numbers, say). It holds for all
 * that was not given out when it began, and for all that arrived before it ended, however long it waits after that.
 */
export class Pause {
  #isOn = false;
  #endedAt = Number.NEGATIVE_INFINITY;

  get isOn(): boolean {
    return this.#isOn;
  }

  begin(): void {
    this.#isOn = true;
  }

  /** `now` is in ms, on the clock of the times of arrival. */
  end(now: number): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    this.#endedAt = now;
  }

  /** Whether what arrived at this time, in ms, must not be heard. */
  covers(arrivedAt: number): boolean {
    return this.#isOn || arrivedAt <= this.#endedAt;
  }
}
