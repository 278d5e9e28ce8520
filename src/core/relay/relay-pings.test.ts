/** When the receiver is asked what it has read: seldom, and always so that little can come twice. On virtual time. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FIRST_WINDOW } from './flow-window.js';
import { CONFIRM_MS, LIVENESS_MS, type RelayInput, type RelayOutput, RelaySession } from './relay-session.js';

const label = (channelid: string) => ({ callid: '1.1', callflow: '', number: '1', channelid }) as const;
const message = (channelid: string): RelayInput => ({
  kind: 'message',
  message: { label: label(channelid), pcm: Int16Array.of(1) },
});
const end = (channelid: string): RelayInput => ({
  kind: 'message',
  message: { label: label(channelid), pcm: undefined },
});
const kinds = (outputs: RelayOutput[]) => outputs.map(({ kind }) => kind);

/** A session whose connection is open and idle, at 1000 ms. */
function idle(): RelaySession {
  const relay = new RelaySession({ capacity: 1000, dice: () => 1 });
  for (const at of [0, 1]) {
    relay.handle(message('a'), at);
    relay.handle({ kind: 'opened' }, at);
  }
  relay.handle({ kind: 'pong', serial: 1 }, 2);
  relay.handle({ kind: 'pong', serial: 2 }, 3);
  expect(relay.outbox.isEmpty).toBe(true);
  // The ping of this one is what the next ones go by.
  expect(kinds(relay.handle(message('a'), 1000))).toEqual(['send', 'ping']);
  relay.handle({ kind: 'pong', serial: 3 }, 1000);
  return relay;
}

describe('while audio flows', () => {
  test('a ping follows the second unconfirmed fragment of a participant, right behind it', () => {
    const relay = idle();
    expect(kinds(relay.handle(message('b'), 1020))).toEqual(['send']);
    expect(kinds(relay.handle(message('a'), 1040))).toEqual(['send']);
    expect(relay.handle(message('b'), 1060).at(-1)).toEqual({ kind: 'ping', serial: 6 });
    relay.handle({ kind: 'pong', serial: 6 }, 1061);
    expect(relay.outbox.isEmpty).toBe(true);
  });

  test('a pong brings the next at once if two fragments of somebody came meanwhile, and else does not', () => {
    const relay = idle();
    relay.handle(message('a'), 1040);
    expect(kinds(relay.handle(message('a'), 1080))).toEqual(['send', 'ping']);
    relay.handle(message('a'), 1120);
    expect(relay.handle({ kind: 'pong', serial: 5 }, 1130)).toEqual([]);
    expect(kinds(relay.handle(message('a'), 1160))).toEqual(['send', 'ping']);
    relay.handle(message('a'), 1170);
    relay.handle(message('a'), 1180);
    expect(relay.handle({ kind: 'pong', serial: 7 }, 1190)).toEqual([{ kind: 'ping', serial: 9 }]);
  });
});

describe('without waiting for a second fragment', () => {
  test('behind the end of a participant', () => {
    expect(kinds(idle().handle(end('b'), 1020))).toEqual(['send', 'ping']);
  });

  test('when no more may be under way', () => {
    const relay = idle();
    const sent = Array.from({ length: FIRST_WINDOW }, (_, index) => relay.handle(message(`p${index}`), 1001));
    expect(sent.slice(0, -1).every((outputs) => outputs.length === 1)).toBe(true);
    expect(kinds(sent.at(-1) ?? [])).toEqual(['send', 'ping']);
  });

  test('some time after the last ping, also when nothing follows any more; then it is quiet', () => {
    const relay = idle();
    relay.handle(message('b'), 1020);
    expect(relay.nextWake()).toBe(1000 + CONFIRM_MS);
    expect(relay.handle({ kind: 'tick' }, 1000 + CONFIRM_MS)).toEqual([{ kind: 'ping', serial: 4 }]);
    relay.handle({ kind: 'pong', serial: 4 }, 1050 + CONFIRM_MS);
    expect(relay.nextWake()).toBe(1050 + CONFIRM_MS + LIVENESS_MS);
    expect(kinds(relay.handle(message('b'), 1000 + 2 * CONFIRM_MS))).toEqual(['send', 'ping']);
  });

  test('a connection that breaks meanwhile leaves no such wake behind', () => {
    const relay = idle();
    relay.handle(message('b'), 1020);
    relay.handle({ kind: 'closed', orderly: false }, 1021);
    expect(relay.nextWake()).toBe(1021 + 250);
  });
});

/** A session whose receiver reads everything at once, and whose pongs take a while. */
class SlowPongs {
  readonly relay = new RelaySession({ capacity: 1000, dice: () => 1 });
  readonly #roundTripMs: number;
  #now = 0;
  #pong: { readonly at: number; readonly serial: number } | undefined;

  constructor(roundTripMs: number) {
    this.#roundTripMs = roundTripMs;
    this.#feed(message('a'));
    this.#feed({ kind: 'opened' });
  }

  say(party: string, at: number): void {
    this.#answerUntil(at);
    this.#now = at;
    this.#feed(message(party));
    this.#answerUntil(at);
  }

  #answerUntil(time: number): void {
    for (let pong = this.#pong; pong !== undefined && pong.at <= time; pong = this.#pong) {
      this.#pong = undefined;
      this.#now = pong.at;
      this.#feed({ kind: 'pong', serial: pong.serial });
    }
  }

  #feed(input: RelayInput): void {
    for (const output of this.relay.handle(input, this.#now)) {
      if (output.kind === 'ping') this.#pong = { at: this.#now + this.#roundTripMs, serial: output.serial };
      if (output.kind === 'send' || output.kind === 'ping') this.relay.handle({ kind: 'flushed', count: 1 }, this.#now);
    }
  }
}

const PARTIES = ['a', 'b', 'c'];

test('whoever speaks when: no more of one participant is unconfirmed than two and what came within two round trips', () => {
  const speech = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom(...PARTIES)), { maxLength: 200 });
  fc.assert(
    fc.property(speech, fc.integer({ min: 0, max: 150 }), (steps, roundTripMs) => {
      const link = new SlowPongs(roundTripMs);
      const said: { readonly at: number; readonly by: string }[] = [{ at: 0, by: 'a' }];
      for (const [gap, by] of steps) {
        const at = (said.at(-1)?.at ?? 0) + gap;
        link.say(by, at);
        said.push({ at, by });
        for (const party of PARTIES) {
          const late = said.filter((one) => one.by === party && one.at > at - 2 * roundTripMs).length;
          expect(link.relay.outbox.waitingOf(party)).toBeLessThanOrEqual(1 + Math.max(1, late));
        }
      }
    }),
  );
});
