/** Takes down what was built up, last first, once, also when the process is told to end. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export class Teardown {
  readonly #steps: (() => Promise<void> | void)[] = [];
  #running: Promise<void> | undefined;

  /** A step to take later, before all those that were added before it. */
  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }

  /** Takes every step, even when one before it fails; then throws what failed. The second call gives the first's end. */
  run(): Promise<void> {
    this.#running ??= this.#runAll();
    return this.#running;
  }

  /** From now on a signal takes everything down before it ends the process. */
  runOnSignals(): void {
    for (const signal of SIGNALS) {
      const onSignal = (): void => {
        const end = (): void => void process.kill(process.pid, signal);
        this.run().then(end, end);
      };
      process.once(signal, onSignal);
      this.add(() => void process.off(signal, onSignal));
    }
  }

  async #runAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.reverse()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'The lab could not be taken down in good order');
  }
}
