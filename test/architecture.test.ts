/** Holds the architecture: arrows point inwards, no cycles, small files, and a core without Node, clock or dice. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const MAX_LINES = 300;

/** What each layer may import. Everything else is an arrow pointing the wrong way. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: ['core'],
  io: ['io', 'core'],
  app: ['app', 'io', 'core'],
  // The three ways in: a program, a library, and the protocol for receivers, which needs no Node.
  'main.ts': ['app', 'io', 'core'],
  'index.ts': ['app', 'io', 'core'],
  'protocol.ts': ['core'],
};

/** Folders of one subject each that know nothing of one another; only files above them join them. */
const STRANGERS: readonly (readonly string[])[] = [
  ['core/access', 'core/audio', 'core/rtp', 'core/relay', 'core/call', 'core/settings', 'core/monitoring'],
  ['io/access', 'io/ari', 'io/relay', 'io/media', 'io/settings', 'io/monitoring', 'io/web'],
];

interface SourceFile {
  readonly name: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sourcesUnder(root: string): SourceFile[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => {
      const text = readFileSync(join(root, name), 'utf8');
      const imports = [...text.matchAll(/from '(\.[^']*)'/g)].map(([, target = '']) =>
        join(dirname(name), target).replace(/\.js$/, '.ts'),
      );
      return { name, text, imports };
    });
}

const all = sourcesUnder('src');
const product = all.filter(({ name }) => !name.endsWith('.test.ts'));
const core = product.filter(({ name }) => name.startsWith('core/'));
const layerOf = (name: string): string => name.split('/')[0] ?? '';
const under = (name: string, folder: string): boolean => name.startsWith(`${folder}/`);

test('imports point inwards', () => {
  const wrong = product.flatMap(({ name, imports }) =>
    imports
      .filter((target) => !MAY_IMPORT[layerOf(name)]?.includes(layerOf(target)))
      .map((target) => `${name} -> ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('subjects do not know one another', () => {
  const wrong = product.flatMap(({ name, imports }) =>
    STRANGERS.flatMap((folders) => {
      const home = folders.find((folder) => under(name, folder));
      if (home === undefined) return [];
      return imports
        .filter((target) => folders.some((folder) => folder !== home && under(target, folder)))
        .map((target) => `${name} -> ${target}`);
    }),
  );
  expect(wrong).toEqual([]);
});

/** The files that import themselves through others. Endings are left out, since the page has .tsx files as well. */
function circular(files: readonly SourceFile[]): string[] {
  const bare = (name: string): string => name.replace(/\.tsx?$/, '');
  const importsOf = new Map(files.map(({ name, imports }) => [bare(name), imports.map(bare)]));
  const reaches = (from: string, goal: string, seen = new Set<string>()): boolean =>
    (importsOf.get(from) ?? []).some((next) => {
      if (next === goal) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, goal, seen);
    });
  return [...importsOf.keys()].filter((name) => reaches(name, name));
}

test('no file imports itself through others', () => {
  expect(circular(product)).toEqual([]);
  expect(circular(sourcesUnder('web'))).toEqual([]);
});

test('every import of ours names a file that exists', () => {
  const names = new Set(all.map(({ name }) => name));
  const missing = product.flatMap(({ name, imports }) =>
    imports.filter((target) => !names.has(target)).map((target) => `${name} -> ${target}`),
  );
  expect(missing).toEqual([]);
});

test('a file holds one idea', () => {
  const everything = ['src', 'lab', 'bench', 'test', 'scripts', 'web'].flatMap((root) =>
    sourcesUnder(root).map(({ name, text }) => ({ name: `${root}/${name}`, lines: text.split('\n').length })),
  );
  expect(everything.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
});

describe('core', () => {
  // The compiler already refuses Node and browser names in core; these three slip through it, being in the language.
  test.each([/\bDate\.now\b/, /\bnew Date\(\)/, /\bMath\.random\b/])('never uses %s', (forbidden) => {
    expect(core.filter(({ text }) => forbidden.test(text)).map(({ name }) => name)).toEqual([]);
  });

  test('imports no package', () => {
    const wrong = core.filter(({ text }) => /from '[^.]/.test(text)).map(({ name }) => name);
    expect(wrong).toEqual([]);
  });
});

test('only main.ts touches the process', () => {
  const wrong = product.filter(({ name, text }) => name !== 'main.ts' && /\bprocess\.(?!hrtime)/.test(text));
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

describe('the page', () => {
  const page = sourcesUnder('web').filter(({ name }) => !name.endsWith('.test.ts'));
  const contract = '../src/io/web/contract/';

  test('knows of the program only the contract of its API', () => {
    const wrong = page.flatMap(({ name, imports }) =>
      imports
        .filter((target) => target.startsWith('..') && !target.startsWith(contract))
        .map((target) => `${name} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('takes only types from the contract, and the addresses, so that no validation library is sent to browsers', () => {
    const wrong = page.filter(({ text }) =>
      /^import (?!type )[^;]*from '[^']*\/contract\/(?!endpoints\.js)/m.test(text.replace(/\n\s+/g, ' ')),
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });
});

test('nothing in src knows the tests, the lab or the benchmarks', () => {
  const wrong = product.filter(({ text }) => /from '[^']*\/(test|lab|bench)\//.test(text)).map(({ name }) => name);
  expect(wrong).toEqual([]);
});

test('the benchmarks are imported by nothing but their own smoke test', () => {
  const others = ['lab', 'test', 'web'].flatMap((root) =>
    sourcesUnder(root).map((file) => ({ ...file, name: `${root}/${file.name}` })),
  );
  const wrong = others.filter(({ text }) => /from '[^']*\/bench\//.test(text)).map(({ name }) => name);
  expect(wrong.filter((name) => name !== 'test/e2e/bench.test.ts')).toEqual([]);
});
