/** The images that ours are built upon: pulled where that can be, else made of Debian's packages. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { debianTree } from '../asterisk/debian-tree.js';
import type { DockerEngine } from './engine.js';

export interface BaseImages {
  readonly debian: string;
  readonly node: string;
}

const OFFICIAL: BaseImages = { debian: 'debian:forky-slim', node: 'node:24-slim' };
/** Names of our own, since they are not the official ones. */
const OWN: BaseImages = { debian: 'ari-audio-stream-base/debian:forky', node: 'ari-audio-stream-base/node:forky' };
const PULL_LIMIT_MS = 60_000;
const APT_CONF = '/etc/apt/apt.conf.d';

const NODE_DOCKERFILE = `
FROM ${OWN.debian}
RUN apt-get update -qq \\
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm ca-certificates >/dev/null \\
 && rm -rf /var/lib/apt/lists/*
`;

/** Gives names that `docker build` finds. */
export async function baseImages(engine: DockerEngine, progress: (line: string) => void): Promise<BaseImages> {
  if (await areThere(engine, OFFICIAL)) return OFFICIAL;
  if (await areThere(engine, OWN)) return OWN;
  progress('Pulling the base images …');
  if (await arePulled(engine, OFFICIAL)) return OFFICIAL;
  progress('No registry of images is in reach: making them of Debian packages, once …');
  await makeDebian(engine, progress);
  await docker(engine, ['build', '--quiet', '--network', 'host', '--tag', OWN.node, '-'], NODE_DOCKERFILE);
  return OWN;
}

async function areThere(engine: DockerEngine, { debian, node }: BaseImages): Promise<boolean> {
  return docker(engine, ['image', 'inspect', debian, node]).then(
    () => true,
    () => false,
  );
}

async function arePulled(engine: DockerEngine, { debian, node }: BaseImages): Promise<boolean> {
  for (const image of [debian, node]) {
    const isPulled = await docker(engine, ['pull', '--quiet', image], undefined, PULL_LIMIT_MS).then(
      () => true,
      () => false,
    );
    if (!isPulled) return false;
  }
  return true;
}

async function makeDebian(engine: DockerEngine, progress: (line: string) => void): Promise<void> {
  const recipe = { name: 'debian', title: 'base image', packages: ['ca-certificates'], probe: ['true'] };
  const tree = await debianTree(recipe, progress);
  // The archive may be a copy from some other day, and be reached in a way of this machine's own.
  for (const name of await readdir(APT_CONF)) {
    const text = await readFile(join(APT_CONF, name), 'utf8');
    if (/Check-Valid-Until|::Proxy/.test(text)) await copyFile(join(APT_CONF, name), join(tree, APT_CONF, name));
  }
  const tar = spawn('tar', ['-C', tree, '--exclude=./var/lib/apt/lists/*', '-c', '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const importing = spawn('docker', ['import', '-', OWN.debian], {
    env: { ...process.env, ...engine.environment },
    stdio: [tar.stdout, 'ignore', 'inherit'],
  });
  const [code] = await once(importing, 'exit');
  if (code !== 0) throw new Error(`docker import ended with ${code}`);
  // The engine has it now.
  await rm(tree, { recursive: true, force: true });
}

async function docker(
  { environment }: DockerEngine,
  args: readonly string[],
  input?: string,
  limitMs?: number,
): Promise<void> {
  const child = spawn('docker', [...args], {
    env: { ...process.env, ...environment },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe'],
    ...(limitMs === undefined ? {} : { timeout: limitMs }),
  });
  child.stdin?.end(input);
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    complaint += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`docker ${args.join(' ')} ended with ${code}: ${complaint.trim()}`);
}
