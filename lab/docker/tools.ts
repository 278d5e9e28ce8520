/**
 * Docker's engine and its tools in a folder of their own, for machines that have none: Debian's packages, fetched and
 * checked by apt-get, unpacked and not installed. Nothing of the system changes.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { arch, homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { mayInstall } from '../asterisk/apt.js';
import { withFileLock } from '../asterisk/file-lock.js';
import { run } from '../asterisk/run.js';
import { LabUnavailable } from '../unavailable.js';

/** slirp4netns gives a network namespace a way out without any change to the machine's own network. */
const PACKAGES = ['docker.io', 'containerd', 'runc', 'docker-compose', 'iptables', 'slirp4netns'];
const PROGRAM_FOLDERS = ['usr/sbin', 'usr/bin', 'sbin', 'bin'];
const TRIPLETS: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };
/** Links that the package iptables makes when it is installed. */
const IPTABLES = ['iptables', 'iptables-save', 'iptables-restore', 'ip6tables', 'ip6tables-save', 'ip6tables-restore'];

/** What is kept between runs, outside of the project. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ari-audio-stream');
}

/**
 * Gives the variables with which the tools find each other; fetches them at the first time, some 100 MB.
 * Throws LabUnavailable where that can't be.
 */
export async function dockerTools(progress: (line: string) => void): Promise<NodeJS.ProcessEnv> {
  if (!(await mayInstall())) {
    throw new LabUnavailable('There is no Docker engine here, and only root on Debian can have one started.');
  }
  const release = await run('sh', ['-c', '. /etc/os-release && echo "$ID $VERSION_ID"']);
  const kind = [release, arch(), ...PACKAGES].join(' ');
  const tree = join(cacheFolder(), `docker-tools-${createHash('sha256').update(kind).digest('hex').slice(0, 12)}`);
  await mkdir(cacheFolder(), { recursive: true });
  return withFileLock(
    join(cacheFolder(), 'docker-tools-lock'),
    () => progress("Another run is fetching Docker's engine; waiting for it …"),
    async () => {
      if (!existsSync(tree)) await fetchAndUnpack(tree, progress);
      return environmentOf(tree);
    },
  );
}

async function fetchAndUnpack(tree: string, progress: (line: string) => void): Promise<void> {
  progress("Fetching Docker's engine from Debian, once …");
  const building = `${tree}-building`;
  const archives = join(building, 'archives');
  await rm(building, { recursive: true, force: true });
  try {
    // apt-get wants the folder "partial" there.
    await mkdir(join(archives, 'partial'), { recursive: true });
    await download(archives);
    for (const name of await readdir(archives)) {
      if (name.endsWith('.deb')) await run('dpkg-deb', ['--extract', join(archives, name), building]);
    }
    await rm(archives, { recursive: true });
    await linkIptables(join(building, 'usr/sbin'));
    await rename(building, tree);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** Those packages that the machine does not have, with all that they depend on. */
async function download(archives: string): Promise<void> {
  const options = ['--download-only', '--yes', '-qq', '--no-install-recommends'];
  const fetchAll = () =>
    run('apt-get', ['install', ...options, '-o', `Dir::Cache::archives=${archives}`, ...PACKAGES], {
      DEBIAN_FRONTEND: 'noninteractive',
    });
  try {
    // The lists of packages may be missing or too old: then once more with fresh ones.
    await fetchAll().catch(async () => {
      await run('apt-get', ['update', '-qq']);
      await fetchAll();
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : error;
    throw new LabUnavailable(`apt-get could not fetch Docker's engine: ${reason}`);
  }
}

async function linkIptables(folder: string): Promise<void> {
  if (!existsSync(join(folder, 'xtables-nft-multi'))) return;
  for (const name of IPTABLES) {
    await rm(join(folder, name), { force: true });
    await symlink('xtables-nft-multi', join(folder, name));
  }
}

function environmentOf(tree: string): NodeJS.ProcessEnv {
  const triplet = TRIPLETS[arch()] ?? '';
  const inBoth = (folder: string): string[] => [join(tree, folder), join('/', folder)];
  const path = [...PROGRAM_FOLDERS.map((folder) => join(tree, folder)), process.env.PATH ?? ''];
  return {
    PATH: path.join(delimiter),
    LD_LIBRARY_PATH: ['usr/lib', 'lib'].map((folder) => join(tree, folder, triplet)).join(delimiter),
    XTABLES_LIBDIR: inBoth(join('usr/lib', triplet, 'xtables')).join(delimiter),
    // docker-compose 1.29 is a Python program.
    PYTHONPATH: join(tree, 'usr/lib/python3/dist-packages'),
  };
}
