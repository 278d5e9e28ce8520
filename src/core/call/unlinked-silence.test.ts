import { describe, expect, test } from '@jest/globals';
import { SILENCE_LIMIT_MS, type SilenceOutput, UnlinkedSilence } from './unlinked-silence.js';

/** Lets time pass to `until`, and answers each look with these counts. */
function pass(watch: UnlinkedSilence, from: number, until: number, counts: (now: number) => [string, number][]) {
  const said: { readonly channelId: string; readonly at: number }[] = [];
  for (let now = watch.nextWake(); now !== undefined && now <= until; now = watch.nextWake()) {
    expect(now).toBeGreaterThan(from);
    for (const { kind } of watch.handle({ kind: 'tick' }, now)) {
      expect(kind).toBe('count-packets');
      const outputs: SilenceOutput[] = watch.handle({ kind: 'packets', counts: new Map(counts(now)) }, now);
      for (const output of outputs) if (output.kind === 'silent') said.push({ channelId: output.channelId, at: now });
    }
  }
  return said;
}

describe('while there is no link to Asterisk', () => {
  test('a channel whose packets have stopped is silent after about ten seconds, and that is said once', () => {
    const watch = new UnlinkedSilence();
    watch.handle({ kind: 'unlinked' }, 0);
    const said = pass(watch, 0, 60_000, () => [['a', 700]]);
    expect(said).toEqual([{ channelId: 'a', at: SILENCE_LIMIT_MS + 1000 }]);
  });

  test('one whose packets come is never silent, and the ten seconds begin anew with each packet', () => {
    const watch = new UnlinkedSilence();
    watch.handle({ kind: 'unlinked' }, 0);
    const said = pass(watch, 0, 60_000, (now) => [
      ['flows', now / 20],
      ['stops', Math.min(now, 30_000) / 20],
      ['drips', Math.floor(now / 9000)],
    ]);
    expect(said).toEqual([{ channelId: 'stops', at: 40_000 }]);
  });

  test('a link that comes about only halfway changes nothing', () => {
    const watch = new UnlinkedSilence();
    watch.handle({ kind: 'unlinked' }, 0);
    expect(pass(watch, 0, 5_000, () => [['a', 7]])).toEqual([]);
    watch.handle({ kind: 'unlinked' }, 5_500);
    expect(pass(watch, 5_500, 20_000, () => [['a', 7]])).toEqual([{ channelId: 'a', at: 11_000 }]);
  });

  test('this program hangs for a minute: that is one look, not a minute of silence', () => {
    const watch = new UnlinkedSilence();
    watch.handle({ kind: 'unlinked' }, 0);
    expect(pass(watch, 0, 2_000, () => [['a', 7]])).toEqual([]);
    expect(watch.handle({ kind: 'tick' }, 62_000)).toEqual([{ kind: 'count-packets' }]);
    expect(watch.handle({ kind: 'packets', counts: new Map([['a', 7]]) }, 62_000)).toEqual([]);
    expect(pass(watch, 62_000, 90_000, () => [['a', 300]])).toEqual([{ channelId: 'a', at: 73_000 }]);
  });
});

test('with a link nothing is counted and nothing is silent', () => {
  const watch = new UnlinkedSilence();
  expect(watch.nextWake()).toBeUndefined();
  watch.handle({ kind: 'unlinked' }, 0);
  expect(pass(watch, 0, 9_000, () => [['a', 7]])).toEqual([]);
  watch.handle({ kind: 'linked' }, 9_500);
  expect(watch.nextWake()).toBeUndefined();
  watch.handle({ kind: 'unlinked' }, 20_000);
  expect(pass(watch, 20_000, 30_500, () => [['a', 7]])).toEqual([]);
});
