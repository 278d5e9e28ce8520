/** A link that carries less than the call says, on virtual time: 64 kbit/s for two parties of 16 kHz. */
import { expect, test } from '@jest/globals';
import { type RelayInput, type RelayOutput, RelaySession } from './relay-session.js';

const FRAGMENT_MS = 40;
/** A message of 16 kHz has some 1850 octets. */
const MESSAGE_MS = (1850 * 8) / 64;
const PARTIES = ['a', 'b'] as const;
const CAPACITY = 50;
const CALL_MS = 60_000;
/** In the place of a fragment's number: the end of a stream. */
const END = -1;

interface Arrival {
  readonly party: string;
  readonly number: number;
}

/** A session behind a slow line, whose kernel has room for everything. */
class SlowLink {
  readonly relay = new RelaySession({ capacity: CAPACITY, dice: () => 1 });
  readonly arrived: Arrival[] = [];
  readonly aborts: RelayOutput[] = [];
  isOver = false;
  mostUnderWay = 0;
  readonly #line: { readonly at: number; readonly arrive: () => void }[] = [];
  #now = 0;
  #free = 0;

  /** To the end of the call's delivery. */
  run(): void {
    for (; !this.isOver && this.#now < 2 * CALL_MS; this.#now += 5) {
      while ((this.#line[0]?.at ?? Number.POSITIVE_INFINITY) <= this.#now) this.#line.shift()?.arrive();
      this.#feed({ kind: 'tick' });
      if (this.#now < CALL_MS && this.#now % FRAGMENT_MS === 0) this.#say(this.#now / FRAGMENT_MS);
      if (this.#now !== CALL_MS) continue;
      this.#say(END);
      this.#feed({ kind: 'finish' });
    }
  }

  #say(number: number): void {
    for (const channelid of PARTIES) {
      const label = { callid: '1.1', callflow: '', number: '1', channelid } as const;
      this.#feed({ kind: 'message', message: { label, pcm: number === END ? undefined : Int16Array.of(number) } });
    }
  }

  #feed(input: RelayInput | { readonly kind: 'tick' }): void {
    for (const output of this.relay.handle(input, this.#now)) this.#carryOut(output);
  }

  #carryOut(output: RelayOutput): void {
    switch (output.kind) {
      case 'connect':
        this.#feed({ kind: 'opened' });
        return;
      case 'send': {
        const { label, pcm } = output.message;
        const arrival = { party: label.channelid, number: pcm?.[0] ?? END };
        this.#send(MESSAGE_MS, () => this.arrived.push(arrival));
        this.#feed({ kind: 'flushed', count: 1 });
        return;
      }
      case 'ping':
        this.#send(0, () => this.#feed({ kind: 'pong', serial: output.serial }));
        this.#feed({ kind: 'flushed', count: 1 });
        return;
      case 'close':
        this.#send(0, () => this.#feed({ kind: 'closed', orderly: true }));
        return;
      case 'abort':
        this.aborts.push(output);
        return;
      case 'over':
        this.isOver = true;
    }
  }

  #send(takesMs: number, arrive: () => void): void {
    this.#free = Math.max(this.#free, this.#now) + takesMs;
    this.#line.push({ at: this.#free, arrive });
    this.mostUnderWay = Math.max(this.mostUnderWay, this.#line.length);
  }
}

test('the connection lives, nothing comes twice, the oldest go and are counted, and the newest arrive', () => {
  const link = new SlowLink();
  link.run();
  expect({ aborts: link.aborts, isOver: link.isOver }).toEqual({ aborts: [], isOver: true });
  const played = CALL_MS / FRAGMENT_MS;
  const newest = Array.from({ length: CAPACITY / 2 }, (_, index) => played - CAPACITY / 2 + index);
  let lost = 0;
  for (const party of PARTIES) {
    const numbers = link.arrived.filter((one) => one.party === party).map(({ number }) => number);
    expect(numbers.slice(-1 - newest.length)).toEqual([...newest, END]);
    const audio = numbers.slice(0, -1);
    expect(audio).toEqual([...new Set(audio)].toSorted((one, other) => one - other));
    lost += played - audio.length;
  }
  expect(link.relay.outbox.counts).toEqual({ dropped: lost, unconfirmed: 0, resent: 0 });
  expect(lost).toBeGreaterThan(0.8 * PARTIES.length * played);
  expect(link.mostUnderWay).toBeLessThan(20);
});
