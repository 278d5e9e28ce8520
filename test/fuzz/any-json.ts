/** JSON of every shape: with the keys that a reader looks for, the keys that are dangerous in JavaScript, and odd values. */
import fc from 'fast-check';

export const ODD_TEXTS = [
  '',
  '\u0000',
  '\ud800',
  '\udc00x',
  '\u202e',
  '../../etc/passwd',
  'a\r\nX-Evil: 1',
  '%',
  '%00',
  '%ff',
  '*',
  '_10XX',
  'constructor',
  '__proto__',
  'x'.repeat(5000),
] as const;

export const text = fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ unit: 'binary', maxLength: 30 }), fc.string());

export function anyJson(...keys: readonly string[]): fc.Arbitrary<unknown> {
  const key = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...keys, '__proto__', 'constructor', 'toString') },
    text,
  );
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(null, true, false, 0, 1, -1, 1e308, 2 ** 53, 8000),
      text,
      fc.double(),
      fc.dictionary(key, tie('value'), { maxKeys: 8 }),
      fc.array(tie('value'), { maxLength: 4 }),
    ),
  })).value;
}

/** Something good with a few of its parts, at any depth, replaced, removed or added to. */
export function spoilt(good: unknown, keys: readonly string[]): fc.Arbitrary<unknown> {
  return fc
    .array(fc.tuple(fc.nat(30), fc.constantFrom('set', 'remove', 'add'), anyJson(...keys), fc.constantFrom(...keys)), {
      minLength: 1,
      maxLength: 3,
    })
    .map((changes) => {
      const whole: { it: unknown } = { it: structuredClone(good) };
      for (const change of changes) spoil(whole, ...change);
      // What JSON cannot say, such as a hole in a list, never comes from outside.
      return JSON.parse(JSON.stringify(whole.it) ?? 'null') as unknown;
    });
}

function spoil(whole: { it: unknown }, at: number, how: string, value: unknown, key: string): void {
  const places: [Record<string, unknown>, string][] = [];
  const visit = (group: object): void => {
    for (const name of Object.keys(group)) {
      places.push([group as Record<string, unknown>, name]);
      const inner = (group as Record<string, unknown>)[name];
      if (typeof inner === 'object' && inner !== null) visit(inner);
    }
  };
  visit(whole);
  const [group, name]: [Record<string, unknown>, string] = places[at % places.length] ?? [whole, 'it'];
  if (how === 'remove') delete group[name];
  else Object.defineProperty(group, how === 'add' && group !== whole ? key : name, { value, ...PLAIN });
}

const PLAIN = { enumerable: true, configurable: true, writable: true };
