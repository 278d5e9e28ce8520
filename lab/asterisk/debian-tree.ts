/**
 * A small Debian in a folder of its own, for what the machine's own Debian has no package of, such as Asterisk. It is built
 * once by debootstrap(8), which checks every package against the archive's signature, and kept outside the project.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { arch, homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LabUnavailable } from '../unavailable.js';
import { debianMirrors, installMissing, mayInstall, proxyEnvironment } from './apt.js';
import { runConfined } from './confined.js';
import { withFileLock } from './file-lock.js';
import { tryRun } from './run.js';

/** The first release after bookworm whose archive has Asterisk again. */
const SUITE = 'forky';
/** debootstrap's way of building; Debian's releases of the last years all share the one that is named after sid. */
const SCRIPT = 'sid';
const TOOLS = { debootstrap: 'debootstrap', unshare: 'util-linux', flock: 'util-linux', mount: 'mount', wget: 'wget' };

export interface DebianTreeRecipe {
  readonly name: string;
  /** As people write it. */
  readonly title: string;
  readonly packages: readonly string[];
  /** Succeeds in a tree that is whole. */
  readonly probe: readonly string[];
}

export const ASTERISK_TREE: DebianTreeRecipe = {
  name: 'asterisk',
  title: 'Asterisk',
  packages: ['asterisk', 'asterisk-core-sounds-en-gsm'],
  probe: ['asterisk', '-V'],
};

/** Says by its change that trees built before are of another kind. */
function keyOf({ packages }: DebianTreeRecipe): string {
  const kind = [SUITE, arch(), ...packages].join(' ');
  return createHash('sha256').update(kind).digest('hex').slice(0, 12);
}

/** What of debootstrap's hundreds of lines is worth telling. */
const STEPS = [
  { sign: /^I: Retrieving /, says: 'downloading' },
  { sign: /^I: Extracting /, says: 'unpacking' },
  { sign: /^I: Installing /, says: 'installing' },
] as const;

/** Gives the folder of a tree in which the probe runs by chroot; builds it at the first time, in about a minute. */
export async function debianTree(recipe: DebianTreeRecipe, progress: (line: string) => void): Promise<string> {
  if (!(await mayInstall())) {
    throw new LabUnavailable(
      `There is no ${recipe.title} here that will do, and only root on Debian can have one made.`,
    );
  }
  await installMissing(TOOLS, progress);
  if ((await tryRun('unshare', ['--mount', '--pid', '--fork', '--mount-proc', 'true'])) === undefined) {
    throw new LabUnavailable('This machine does not let root make mount namespaces (a container needs CAP_SYS_ADMIN).');
  }

  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ari-audio-stream');
  const tree = join(cache, `${recipe.name}-${keyOf(recipe)}`);
  await mkdir(cache, { recursive: true });
  return withFileLock(
    join(cache, 'lock'),
    () => progress('Another run is preparing a Debian tree; waiting for it …'),
    async () => {
      if (await isWhole(tree, recipe)) return tree;
      await removeLeftovers(cache, tree);
      await build(tree, recipe, progress);
      return tree;
    },
  );
}

async function isWhole(tree: string, { probe }: DebianTreeRecipe): Promise<boolean> {
  return existsSync(tree) && (await tryRun('chroot', [tree, ...probe])) !== undefined;
}

/** What a killed build left, and a tree that does not run. */
async function removeLeftovers(cache: string, tree: string): Promise<void> {
  const halfBuilt = (await readdir(cache)).filter((name) => name.startsWith('building-'));
  for (const folder of [...halfBuilt.map((name) => join(cache, name)), tree]) {
    await rm(folder, { recursive: true, force: true });
  }
}

async function build(tree: string, recipe: DebianTreeRecipe, progress: (line: string) => void): Promise<void> {
  const building = join(tree, '..', `building-${keyOf(recipe)}`);
  const problems: string[] = [];
  for (const mirror of await debianMirrors()) {
    progress(`Making a Debian ${SUITE} with ${recipe.title} in ${tree}, once; about a minute …`);
    const problem = await debootstrap(building, recipe, mirror, progress);
    if (problem === undefined && (await isWhole(building, recipe))) {
      await rm(join(building, 'var/cache/apt/archives'), { recursive: true, force: true });
      await rename(building, tree);
      return;
    }
    problems.push(problem ?? `the ${recipe.title} in it does not run`);
    await rm(building, { recursive: true, force: true });
  }
  const reason = problems.length === 0 ? 'apt knows no mirror of Debian' : problems.join('; ');
  throw new LabUnavailable(`No ${recipe.title} could be installed in a Debian tree of its own: ${reason}.`);
}

/** Nothing when it succeeded, else its last complaint. */
async function debootstrap(
  into: string,
  { packages }: DebianTreeRecipe,
  mirror: string,
  progress: (line: string) => void,
): Promise<string | undefined> {
  const options = ['--variant=minbase', `--include=${packages.join(',')}`];
  const proxy = Object.entries(await proxyEnvironment()).map(([name, value]) => `${name}=${value}`);
  // Confined, because debootstrap mounts /proc and /sys into the tree and would leave them there when killed.
  const job = runConfined(
    ['env', ...proxy, 'debootstrap', ...options, SUITE, into, mirror, SCRIPT],
    'namespaces',
    'pipe',
  );
  let complaint = '';
  let announced = '';
  const follow = (line: string): void => {
    if (/^[EW]: /.test(line)) complaint = line.slice(3);
    const step = STEPS.find(({ sign }) => sign.test(line))?.says ?? announced;
    if (step !== announced) progress(`  ${step}`);
    announced = step;
  };
  for (const stream of [job.process.stdout, job.process.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', follow);
  }
  const { code } = await job.exited;
  return code === 0 ? undefined : complaint || `debootstrap ended with ${code}`;
}
