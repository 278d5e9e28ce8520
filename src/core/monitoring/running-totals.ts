/**
 * Sums over things that come and go and count for themselves: those that are there are asked each time, those that have
 * gone were asked once. Nothing is counted twice, and no sum ever falls.
 */
import { Population } from './population.js';

export class RunningTotals<Source, Name extends string> extends Population<Source> {
  readonly #read: (source: Source) => Readonly<Record<Name, number>>;
  readonly #gone: Record<Name, number>;

  /** `zeros` names the sums; `read` gives what one thing has counted so far, which never falls. */
  constructor(zeros: Readonly<Record<Name, number>>, read: (source: Source) => Readonly<Record<Name, number>>) {
    super();
    this.#gone = { ...zeros };
    this.#read = read;
  }

  /** It counts no further. */
  override delete(source: Source): boolean {
    if (!super.delete(source)) return false;
    add(this.#gone, this.#read(source));
    return true;
  }

  get sums(): Readonly<Record<Name, number>> {
    const sums = { ...this.#gone };
    for (const source of this.present) add(sums, this.#read(source));
    return sums;
  }
}

function add<Name extends string>(sums: Record<Name, number>, more: Readonly<Record<Name, number>>): void {
  for (const name of Object.keys(sums) as Name[]) sums[name] += more[name];
}
