/** A DNS server (RFC 1035) that knows one name, and fails in the way that it is told to. */
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';

/** `silent` answers nothing, and so holds whoever asks as long as that has patience. */
export type NameServerMood = 'works' | 'knows-no-name' | 'fails' | 'silent';

const PORT = 53;
const HEADER_OCTETS = 12;
/** Response, recursion desired and available. */
const ANSWER_FLAGS = 0x8180;
const NXDOMAIN = 3;
const SERVFAIL = 2;
const TYPE_A = 1;

export class NameServer {
  mood: NameServerMood = 'works';
  readonly #name: string;
  readonly #ipv4: readonly number[];
  readonly #socket = createSocket('udp4');

  private constructor(name: string, ipv4: string) {
    this.#name = name;
    this.#ipv4 = ipv4.split('.').map(Number);
    this.#socket.on('message', (question, from) => this.#onQuestion(question, from));
  }

  /** Listens at an address of loopback; the name is that of `ipv4`. */
  static async start(address: string, name: string, ipv4: string): Promise<NameServer> {
    const server = new NameServer(name, ipv4);
    server.#socket.bind(PORT, address);
    await once(server.#socket, 'listening');
    return server;
  }

  async stop(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #onQuestion(question: Buffer, from: RemoteInfo): void {
    const { name, type, end } = questionIn(question);
    if (this.mood === 'silent') return;

    const isAnswered = this.mood === 'works' && name === this.#name && type === TYPE_A;
    const isKnown = this.mood === 'works' && name === this.#name;
    const code = this.mood === 'fails' ? SERVFAIL : isKnown ? 0 : NXDOMAIN;
    const header = Buffer.alloc(HEADER_OCTETS);
    question.copy(header, 0, 0, 2);
    header.writeUInt16BE(ANSWER_FLAGS | code, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(isAnswered ? 1 : 0, 6);
    // The name by a pointer to the question's, type A, class IN, 0 s to live, four octets.
    const record = Buffer.from([0xc0, HEADER_OCTETS, 0, TYPE_A, 0, 1, 0, 0, 0, 0, 0, 4, ...this.#ipv4]);
    const answer = [header, question.subarray(HEADER_OCTETS, end), ...(isAnswered ? [record] : [])];
    this.#socket.send(Buffer.concat(answer), from.port, from.address);
  }
}

function questionIn(packet: Buffer): { readonly name: string; readonly type: number; readonly end: number } {
  const labels: string[] = [];
  let at = HEADER_OCTETS;
  for (let length = packet[at] ?? 0; length > 0; length = packet[at] ?? 0) {
    labels.push(packet.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: packet.readUInt16BE(at + 1), end: at + 5 };
}
