import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PIECES, type Piece, ResourceNames } from './resource-id.js';
import {
  HANG_UP_LIMIT_MS,
  NO_RTP_LIMIT_MS,
  PREPARE_LIMIT_MS,
  type TapInput,
  type TapOutput,
  TapPlan,
} from './tap-plan.js';

const SOURCE = { address: '127.0.0.1', port: 10_000 };
const feed = (plan: TapPlan, ...inputs: TapInput[]): TapOutput[] => inputs.flatMap((input) => plan.handle(input, 0));

function live(): TapPlan {
  const plan = new TapPlan();
  feed(plan, { kind: 'arm' });
  for (const piece of PIECES) feed(plan, { kind: 'created', piece });
  feed(
    plan,
    { kind: 'entered', piece: 'snoop' },
    { kind: 'entered', piece: 'media' },
    { kind: 'source', source: SOURCE },
  );
  feed(plan, { kind: 'joined' });
  return plan;
}

describe('a tap comes about', () => {
  test('all pieces are asked for at once, and joined when both channels have entered', () => {
    const plan = new TapPlan();
    expect(feed(plan, { kind: 'arm' })).toEqual(PIECES.map((piece) => ({ kind: 'create', piece })));
    expect(feed(plan, { kind: 'created', piece: 'media' })).toEqual([{ kind: 'ask-source' }]);
    expect(feed(plan, { kind: 'created', piece: 'bridge' }, { kind: 'created', piece: 'snoop' })).toEqual([]);
    expect(feed(plan, { kind: 'entered', piece: 'snoop' })).toEqual([]);
    expect(feed(plan, { kind: 'entered', piece: 'media' })).toEqual([{ kind: 'join' }]);
    expect(feed(plan, { kind: 'joined' })).toEqual([]);
    expect(feed(plan, { kind: 'source', source: SOURCE })).toEqual([
      { kind: 'listen', source: SOURCE },
      { kind: 'live' },
    ]);
    expect(plan.nextWake()).toBe(NO_RTP_LIMIT_MS);
  });

  test('it is live only once joined, however early the source is known', () => {
    const plan = new TapPlan();
    feed(plan, { kind: 'arm' }, { kind: 'created', piece: 'media' });
    expect(feed(plan, { kind: 'source', source: SOURCE })).toEqual([{ kind: 'listen', source: SOURCE }]);
    expect(plan.nextWake()).toBe(PREPARE_LIMIT_MS);
  });

  test('an event that outruns the answer counts as the answer, save for the media channel, whose answer tells the source', () => {
    const plan = new TapPlan();
    feed(plan, { kind: 'arm' }, { kind: 'created', piece: 'bridge' }, { kind: 'entered', piece: 'snoop' });
    expect(feed(plan, { kind: 'entered', piece: 'media' })).toEqual([]);
    const created: TapInput = { kind: 'created', piece: 'media', source: SOURCE };
    expect(feed(plan, created)).toEqual([{ kind: 'listen', source: SOURCE }, { kind: 'join' }]);
    expect(feed(plan, { kind: 'created', piece: 'snoop' })).toEqual([]);
  });

  test('an answer without the source is followed by the question for it, which holds up nothing', () => {
    const plan = new TapPlan();
    feed(plan, { kind: 'arm' }, { kind: 'created', piece: 'bridge' }, { kind: 'entered', piece: 'snoop' });
    feed(plan, { kind: 'entered', piece: 'media' });
    expect(feed(plan, { kind: 'created', piece: 'media' })).toEqual([{ kind: 'ask-source' }, { kind: 'join' }]);
  });

  test('a source that comes with the answer is not asked for', () => {
    const plan = new TapPlan();
    feed(plan, { kind: 'arm' }, { kind: 'created', piece: 'snoop' }, { kind: 'created', piece: 'bridge' });
    const created: TapInput = { kind: 'created', piece: 'media', source: SOURCE };
    expect(feed(plan, created)).toEqual([{ kind: 'listen', source: SOURCE }]);
    feed(plan, { kind: 'entered', piece: 'snoop' }, { kind: 'entered', piece: 'media' });
    expect(feed(plan, { kind: 'joined' })).toEqual([{ kind: 'live' }]);
  });

  test('nor is anything asked, or listened to, once it is to go', () => {
    for (const source of [undefined, SOURCE]) {
      const plan = new TapPlan();
      feed(plan, { kind: 'arm' }, { kind: 'release' });
      expect(feed(plan, { kind: 'created', piece: 'media', source })).toEqual([{ kind: 'remove', piece: 'media' }]);
    }
  });
});

describe('the packets of a live tap', () => {
  /** Passes one period in which so many packets have come, and gives what the plan says of it. */
  function period(plan: TapPlan, number: number, count: number): TapOutput[] {
    expect(plan.handle({ kind: 'tick' }, number * NO_RTP_LIMIT_MS)).toEqual([{ kind: 'count-packets' }]);
    return feed(plan, { kind: 'packets', count });
  }

  test('that they come is said once, that they stay away once, and that they come again', () => {
    const plan = live();
    const counts = [150, 300, 300, 300, 310, 460];
    const said = counts.map((count, index) => period(plan, index + 1, count));
    expect(said).toEqual([
      [{ kind: 'rtp', arrives: true }],
      [],
      [{ kind: 'rtp', arrives: false }],
      [],
      [{ kind: 'rtp', arrives: true }],
      [],
    ]);
  });

  test('that none ever came is said after the first period', () => {
    expect(period(live(), 1, 0)).toEqual([{ kind: 'rtp', arrives: false }]);
  });

  test('nobody asks for them once the tap is to go', () => {
    const plan = live();
    feed(plan, { kind: 'release' });
    expect(plan.nextWake()).toBeUndefined();
    expect(feed(plan, { kind: 'packets', count: 0 })).toEqual([]);
  });
});

describe('a tap ends', () => {
  test('piece by piece, each after the one before it is gone', () => {
    const plan = live();
    expect(feed(plan, { kind: 'release' })).toEqual([{ kind: 'remove', piece: 'snoop' }]);
    expect(feed(plan, { kind: 'removed', piece: 'snoop' })).toEqual([{ kind: 'remove', piece: 'media' }]);
    expect(feed(plan, { kind: 'vanished', piece: 'media' })).toEqual([{ kind: 'remove', piece: 'bridge' }]);
    expect(feed(plan, { kind: 'removed', piece: 'media' })).toEqual([]);
    expect(feed(plan, { kind: 'removed', piece: 'bridge' })).toEqual([{ kind: 'over', failure: undefined }]);
    expect(feed(plan, { kind: 'release' })).toEqual([]);
  });

  test('a channel that is being hung up is waited for until it is no more', () => {
    const plan = live();
    feed(plan, { kind: 'release' });
    expect(feed(plan, { kind: 'left', piece: 'snoop' }, { kind: 'going', piece: 'snoop' })).toEqual([]);
    expect(feed(plan, { kind: 'vanished', piece: 'snoop' })).toEqual([{ kind: 'remove', piece: 'media' }]);
    expect(plan.nextWake()).toBeUndefined();
  });

  test('but not for ever: the news of it may have been lost', () => {
    const plan = live();
    feed(plan, { kind: 'release' }, { kind: 'going', piece: 'snoop' });
    expect(plan.nextWake()).toBe(HANG_UP_LIMIT_MS);
    expect(plan.handle({ kind: 'tick' }, HANG_UP_LIMIT_MS)).toEqual([{ kind: 'remove', piece: 'media' }]);
  });

  test('a channel that leaves our application mostly ends; one that does not is removed', () => {
    const ending = live();
    expect(feed(ending, { kind: 'left', piece: 'snoop' })).toEqual([]);
    expect(feed(ending, { kind: 'vanished', piece: 'snoop' })).toEqual([{ kind: 'remove', piece: 'media' }]);

    const moved = live();
    expect(feed(moved, { kind: 'left', piece: 'snoop' }, { kind: 'release' })).toEqual([]);
    expect(moved.nextWake()).toBe(HANG_UP_LIMIT_MS);
    expect(moved.handle({ kind: 'tick' }, HANG_UP_LIMIT_MS)).toEqual([{ kind: 'remove', piece: 'snoop' }]);
  });

  test('with its reason, when Asterisk ends a piece', () => {
    const plan = live();
    feed(plan, { kind: 'vanished', piece: 'snoop' }, { kind: 'removed', piece: 'media' });
    expect(feed(plan, { kind: 'removed', piece: 'bridge' })).toEqual([{ kind: 'over', failure: 'snoop ended' }]);
  });

  test('when Asterisk does not complete it in time', () => {
    const plan = new TapPlan();
    feed(plan, { kind: 'arm' }, { kind: 'created', piece: 'bridge' });
    expect(plan.handle({ kind: 'tick' }, PREPARE_LIMIT_MS)).toEqual([{ kind: 'remove', piece: 'bridge' }]);
  });

  test('a request without an answer may have been carried out, so its piece is removed as well', () => {
    const plan = new TapPlan();
    feed(plan, { kind: 'arm' });
    const outputs = feed(plan, { kind: 'not-created', piece: 'media', mayExist: true, reason: 'no answer' });
    expect(outputs).toEqual([{ kind: 'remove', piece: 'media' }]);
  });

  test('before it began', () => {
    expect(feed(new TapPlan(), { kind: 'release' })).toEqual([{ kind: 'over', failure: undefined }]);
  });
});

/** A model of Asterisk that does what it is asked in any order, refuses, forgets to answer, and ends things by itself. */
class ModelAsterisk {
  readonly existing = new Set<Piece>();
  readonly everMade = new Set<Piece>();
  readonly pending: TapOutput[] = [];
  over = 0;

  take(outputs: readonly TapOutput[]): void {
    for (const output of outputs) {
      if (output.kind === 'over') this.over += 1;
      else if (output.kind !== 'live' && output.kind !== 'listen') this.pending.push(output);
    }
  }

  /** Carries out one pending request, with luck or without, and says what our program would hear. */
  answer(request: TapOutput, luck: number): TapInput[] {
    switch (request.kind) {
      case 'create':
        return this.#create(request.piece, luck);
      case 'remove':
        return this.#remove(request.piece, luck);
      case 'ask-source':
        return luck === 0 ? [{ kind: 'refused', reason: '404' }] : [{ kind: 'source', source: SOURCE }];
      default:
        return luck === 0 ? [{ kind: 'refused', reason: '422' }] : [{ kind: 'joined' }];
    }
  }

  #remove(piece: Piece, luck: number): TapInput[] {
    this.existing.delete(piece);
    if (luck === 0) return [{ kind: 'vanished', piece }];
    if (luck === 1 && piece !== 'bridge')
      return [
        { kind: 'left', piece },
        { kind: 'going', piece },
        { kind: 'vanished', piece },
      ];
    if (luck === 2 && piece !== 'bridge')
      return [
        { kind: 'vanished', piece },
        { kind: 'going', piece },
      ];
    return [{ kind: 'removed', piece }];
  }

  #create(piece: Piece, luck: number): TapInput[] {
    if (luck === 0) return [{ kind: 'not-created', piece, mayExist: false, reason: '404' }];
    this.existing.add(piece);
    if (luck === 1) return [{ kind: 'not-created', piece, mayExist: true, reason: 'no answer' }];
    if (piece === 'bridge') return [{ kind: 'created', piece }];
    const source = piece === 'media' && luck > 4 ? SOURCE : undefined;
    if (luck % 2 === 0)
      return [
        { kind: 'entered', piece },
        { kind: 'created', piece, source },
      ];
    return [
      { kind: 'created', piece, source },
      { kind: 'entered', piece },
    ];
  }
}

test('whatever Asterisk does, and whenever the tap is released, nothing is left behind', () => {
  const step = fc.record({
    pick: fc.nat(9),
    luck: fc.nat(9),
    spontaneous: fc.constantFrom(...PIECES, 'none', 'none', 'none'),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), fc.nat(12), (steps, releaseAt) => {
      const asterisk = new ModelAsterisk();
      const plan = new TapPlan();
      const tell = (...inputs: TapInput[]) => asterisk.take(feed(plan, ...inputs));
      const run = (index: number, luck: number) => {
        const [request] = asterisk.pending.splice(index % asterisk.pending.length, 1);
        if (request !== undefined) tell(...asterisk.answer(request, luck));
      };

      tell({ kind: 'arm' });
      for (const [index, { pick, luck, spontaneous }] of steps.entries()) {
        if (index === releaseAt) tell({ kind: 'release' });
        if (spontaneous !== 'none' && asterisk.existing.delete(spontaneous))
          tell({ kind: 'vanished', piece: spontaneous });
        if (asterisk.pending.length > 0) run(pick, luck);
      }
      tell({ kind: 'release' });
      for (let turn = 0; asterisk.pending.length > 0 && turn < 50; turn++) run(0, 9);

      expect([...asterisk.existing]).toEqual([]);
      expect(asterisk.over).toBe(1);
      expect(plan.state).toBe('over');
    }),
    { numRuns: 3000 },
  );
});

test('ids say what is ours, of this run and of earlier ones', () => {
  const names = new ResourceNames('stream', 'r2');
  const earlier = new ResourceNames('stream', 'r1');
  expect(names.parse(names.idOf(7, 'media'))).toEqual({ tap: 7, piece: 'media' });
  expect(names.isOurs(earlier.idOf(7, 'media'))).toBe(true);
  expect(names.parse(earlier.idOf(7, 'media'))).toBeUndefined();
  expect(names.isOurs(new ResourceNames('stream-2', 'r2').idOf(7, 'snoop'))).toBe(false);
  expect(names.isOurs('1755940023.7')).toBe(false);
});
