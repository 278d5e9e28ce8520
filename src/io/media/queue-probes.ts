/**
 * Says when everything that a UDP socket had received by some moment has been read. The kernel keeps datagrams in the order in
 * which they came, and Node does not tell when that was; so the socket sends one to itself, and what is read after that one
 * came after it.
 */

import { randomBytes } from 'node:crypto';

/** A probe that has not come back by then found the kernel's buffer full, or much before it: another one follows. */
const RESEND_MS = 20;
/** After so many, and none that ever came back, this machine lets none pass. */
const VAIN_PROBES = 50;
const TOKEN_OCTETS = 16;
const PROBE_OCTETS = TOKEN_OCTETS + 4;

export class QueueProbes {
  readonly #send: (probe: Uint8Array) => void;
  /** Nobody else can send a probe of ours. */
  readonly #token = randomBytes(TOKEN_OCTETS);
  /** By the number of the first probe that will do. */
  readonly #waiting = new Map<number, () => void>();
  #sent = 0;
  #sentAgain = 0;
  #doComeBack: boolean | undefined;
  #resending: NodeJS.Timeout | undefined;

  /** `send` has the socket send a datagram to itself, at once. */
  constructor(send: (probe: Uint8Array) => void) {
    this.#send = send;
  }

  /** Calls back when all has been read that is received by now; where no probe ever comes back, after a second, and then at once. */
  afterAllReceived(then: () => void): void {
    if (this.#doComeBack === false) {
      then();
      return;
    }
    this.#waiting.set(this.#probe(), then);
    this.#resending ??= setInterval(() => this.#resend(), RESEND_MS).unref();
  }

  /** Whether this datagram was one of the probes; then nobody else wants it. */
  take(datagram: Buffer): boolean {
    if (datagram.length !== PROBE_OCTETS || !this.#token.equals(datagram.subarray(0, TOKEN_OCTETS))) return false;
    this.#doComeBack = true;
    this.#passed(datagram.readUInt32BE(TOKEN_OCTETS));
    return true;
  }

  /** Sends no probe again. */
  close(): void {
    clearInterval(this.#resending);
    this.#resending = undefined;
  }

  #resend(): void {
    this.#probe();
    this.#sentAgain += 1;
    if (this.#sentAgain < VAIN_PROBES || this.#doComeBack) return;
    this.#doComeBack = false;
    this.#passed(this.#sent);
  }

  #passed(last: number): void {
    for (const [number, then] of this.#waiting) {
      if (number > last) break;
      this.#waiting.delete(number);
      then();
    }
    if (this.#waiting.size === 0) this.close();
  }

  #probe(): number {
    this.#sent += 1;
    const probe = Buffer.alloc(PROBE_OCTETS);
    this.#token.copy(probe);
    probe.writeUInt32BE(this.#sent, TOKEN_OCTETS);
    this.#send(probe);
    return this.#sent;
  }
}
