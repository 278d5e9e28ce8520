/** How often something failed, by error code. Every code is there from the start, with zero. */
import type { ErrorCode, StreamError } from '../errors.js';

export class FailureCounts<Code extends ErrorCode> {
  readonly counts: Readonly<Record<Code, number>>;
  readonly #counts: Record<Code, number>;
  readonly #other: Code;

  /** `other` stands for every code that is not among these. */
  constructor(codes: readonly Code[], other: Code) {
    this.#counts = Object.fromEntries(codes.map((code) => [code, 0])) as Record<Code, number>;
    this.counts = this.#counts;
    this.#other = other;
  }

  add({ code }: StreamError): void {
    this.#counts[Object.hasOwn(this.#counts, code) ? (code as Code) : this.#other] += 1;
  }
}
