/**
 * One participant's stream as a receiver got it, over all of its connections. What was read and not yet confirmed when a
 * connection broke comes again, first and in order (docs/decisions/0003-confirmed-delivery.md): a new connection begins
 * with the last fragments of the one before it, as many as were not confirmed. They are told apart by their content, which
 * says less where the same is said again: a phone that was held plays its voice anew, silence is silence, and a receiver that
 * stalls while a call ends reads the connection that was given up and the next one side by side.
 *
 * A stream may also begin anew while the old one ends, each over a connection of its own, when settings are applied to
 * running calls. So each connection that does not go on where another stopped is a part of its own.
 */

/** So many fragments of a part are remembered: more than the add-on's buffer holds, and than the longest call has. */
const REMEMBERED = 4_000;

interface Fragment {
  /** The same for fragments of the same content only. */
  readonly hash: string;
  readonly pcm: Int16Array;
}

interface Part {
  /** Hashes of the newest fragments, each once. */
  readonly tail: string[];
  readonly kept: Int16Array[];
}

/** What comes next on a connection if all that has come on it came before: the fragment at this place. */
interface Place {
  readonly part: Part;
  readonly at: number;
}

interface Connection {
  /** Where its fragments belong; undefined while all that has come may have come before. */
  part: Part | undefined;
  /** What has come meanwhile. */
  readonly came: Fragment[];
  places: readonly Place[];
  /** The part whose end has come again, and how much of what has come that is. */
  repeated: { readonly part: Part; readonly count: number } | undefined;
  hasEnded: boolean;
}

export class ReceivedStream {
  /** All fragments that came, repeated ones too. */
  received = 0;
  /** Messages that say that it is over, repeated ones too. */
  ends = 0;
  #faults = new Map<string, number>();
  readonly #keepsSamples: boolean;
  readonly #parts: Part[] = [];
  readonly #connections = new Map<number, Connection>();
  /** Hashes of all that came for the first time. */
  readonly #heard = new Set<string>();
  /** What came for the first time was not always unlike what had come before. */
  #saysTheSame = false;
  #repeats = 0;

  constructor(keepsSamples: boolean) {
    this.#keepsSamples = keepsSamples;
  }

  /** Whatever was not as the protocol says. */
  get faults(): readonly string[] {
    return [...this.#faults].map(([fault, count]) => (count === 1 ? fault : `${fault}, ${count} times`));
  }

  /** How many of the fragments had come before; where the same is said again, an estimate. */
  get repeats(): number {
    let doubtful = 0;
    for (const { part, came } of this.#connections.values()) if (part === undefined) doubtful += came.length;
    return this.#repeats + doubtful;
  }

  /** Fragments, each counted once; where the same is said again, an estimate. */
  get distinct(): number {
    return this.received - this.repeats;
  }

  get distinctAtLeast(): number {
    return this.#heard.size;
  }

  get distinctAtMost(): number {
    return this.#saysTheSame ? this.received : this.distinct;
  }

  /** What came of the audio, each fragment once. Empty when it is not kept. */
  get samples(): Int16Array {
    const kept = this.#parts.flatMap((part) => part.kept);
    const all = new Int16Array(kept.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const fragment of kept) {
      all.set(fragment, at);
      at += fragment.length;
    }
    return all;
  }

  /** Nobody will ask for samples any more. */
  forgetSamples(): void {
    for (const { kept } of this.#parts) kept.splice(0);
  }

  /** Connections are told apart by their numbers. */
  takeFragment(number: number, fragment: Fragment): void {
    const connection = this.#connection(number);
    this.received += 1;
    if (connection.hasEnded) this.#fault('audio after its end');
    if (connection.part === undefined) this.#takeDoubtful(connection, fragment);
    else this.#takeNew(connection.part, fragment);
  }

  takeEnd(number: number): void {
    const connection = this.#connection(number);
    if (connection.hasEnded) this.#fault('a second end');
    connection.hasEnded = true;
    this.ends += 1;
  }

  #connection(number: number): Connection {
    const known = this.#connections.get(number);
    if (known !== undefined) return known;
    const places = this.#parts.flatMap((part) => part.tail.map((_, at) => ({ part, at })));
    const connection: Connection = { part: undefined, came: [], places, repeated: undefined, hasEnded: false };
    this.#connections.set(number, connection);
    return connection;
  }

  #takeDoubtful(connection: Connection, fragment: Fragment): void {
    const { came } = connection;
    came.push(fragment);
    const same = connection.places.filter(({ part, at }) => part.tail[at] === fragment.hash);
    const whole = same.find(({ part, at }) => at + 1 === part.tail.length);
    if (whole !== undefined) connection.repeated = { part: whole.part, count: came.length };
    connection.places = same.flatMap((place) => this.#after(place));
    if (connection.places.length > 0) return;

    const { part, count } = connection.repeated ?? { part: this.#newPart(), count: 0 };
    connection.part = part;
    this.#repeats += count;
    for (const fresh of came.splice(0).slice(count)) this.#takeNew(part, fresh);
  }

  /** A part may be followed by what came next over another connection of which nothing was a repetition. */
  #after({ part, at }: Place): Place[] {
    if (at + 1 < part.tail.length) return [{ part, at: at + 1 }];
    return this.#parts.slice(this.#parts.indexOf(part) + 1).map((next) => ({ part: next, at: 0 }));
  }

  #newPart(): Part {
    const part: Part = { tail: [], kept: [] };
    this.#parts.push(part);
    return part;
  }

  #takeNew({ tail, kept }: Part, { hash, pcm }: Fragment): void {
    if (this.#heard.has(hash)) this.#saysTheSame = true;
    else this.#heard.add(hash);
    tail.push(hash);
    if (tail.length > REMEMBERED) tail.shift();
    if (this.#keepsSamples) kept.push(pcm);
  }

  #fault(fault: string): void {
    this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1);
  }
}
