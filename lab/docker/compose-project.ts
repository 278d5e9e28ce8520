/** A copy of this project as a fresh clone has it, and `docker compose` in it: as a person runs it, without a profile. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { debianMirrors } from '../asterisk/apt.js';
import { freeTcpPort, freeUdpPort, rtpRange } from '../asterisk/free-ports.js';
import { run, tryRun } from '../asterisk/run.js';
import { makeLabFolder } from '../lab-folder.js';
import { projectRoot } from '../project-root.js';
import { Teardown } from '../teardown.js';
import { baseImages } from './base-images.js';
import { type DockerEngine, dockerEngine } from './engine.js';

/** What the images are made of, and what compose reads. */
const PARTS = [
  '.dockerignore',
  '.env',
  'asterisk-conf',
  'docker',
  'docker-compose.yml',
  'lab',
  'LICENSE',
  'package-lock.json',
  'package.json',
  'scripts/build-web.mjs',
  'src',
  'test/tones.ts',
  'tsconfig.base.json',
  'tsconfig.build.json',
  'web',
];
const PROJECT = 'ari-audio-stream-test';
const RTP_PORTS = 60;

export interface ComposeProject {
  /** Its containers, networks and volumes bear this name. */
  readonly name: string;
  readonly engine: DockerEngine;
  /** `docker compose ARGS`; throws with its output when it fails. */
  compose(...args: string[]): Promise<string>;
  /** `docker ARGS`. */
  docker(...args: string[]): Promise<string>;
  /** What a command prints in a service's container. */
  inside(service: string, ...command: string[]): Promise<Buffer>;
  /** Takes everything down, the engine too where it is ours. The second call does nothing. */
  close(): Promise<void>;
}

/** Throws LabUnavailable where there is no Docker engine and none can be started. `settings` are variables for compose. */
export async function composeProject(
  settings: Readonly<Record<string, string>>,
  progress: (line: string) => void,
): Promise<ComposeProject> {
  const engine = await dockerEngine(progress);
  const teardown = new Teardown();
  teardown.add(engine.stop);
  // An engine of ours sees to this itself, and takes all containers along.
  if (!engine.isOurs) teardown.runOnSignals();
  try {
    const folder = await makeLabFolder();
    teardown.add(folder.remove);
    await copyProject(folder.path);
    const environment = { ...(await environmentOf(engine, progress)), ...settings };
    const [program = 'docker', ...before] = await composeCommand(environment);
    const compose = async (...args: string[]): Promise<string> =>
      String(await output(program, [...before, ...args], environment, folder.path));
    const docker = async (...args: string[]): Promise<string> =>
      String(await output('docker', args, environment, folder.path));
    teardown.add(async () => {
      await compose('down', '--volumes', '--timeout', '1');
      if (!engine.isOurs) await docker('image', 'rm', ...(await imagesOf(docker)));
    });
    // What a run has left that was killed.
    await compose('down', '--volumes', '--remove-orphans', '--timeout', '1');
    const inside = async (service: string, ...command: string[]): Promise<Buffer> => {
      const id = (await compose('ps', '-q', service)).trim();
      return output('docker', ['exec', id, ...command], environment, folder.path);
    };
    return { name: PROJECT, engine, compose, docker, inside, close: () => teardown.run() };
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

async function copyProject(folder: string): Promise<void> {
  for (const part of PARTS) await cp(join(projectRoot(), part), join(folder, part), { recursive: true });
  // Where npm's way out is read along by a proxy, this machine's npm trusts its authority, and so must that in the build.
  const named = (await run('npm', ['config', 'get', 'cafile'])).trim();
  const authority = [process.env.NODE_EXTRA_CA_CERTS ?? '', named].find((path) => path !== '' && existsSync(path));
  if (authority !== undefined) await copyFile(authority, join(folder, 'docker/ca/this-machine.crt'));
}

async function environmentOf(
  engine: DockerEngine,
  progress: (line: string) => void,
): Promise<Record<string, string | undefined>> {
  const images = await baseImages(engine, progress);
  const rtp = rtpRange();
  const { COMPOSE_PROFILES: _profiles, COMPOSE_FILE: _file, ...inherited } = process.env;
  return {
    ...inherited,
    ...engine.environment,
    COMPOSE_PROJECT_NAME: PROJECT,
    DEBIAN_IMAGE: images.debian,
    NODE_IMAGE: images.node,
    DEBIAN_MIRROR: (await debianMirrors())[0] ?? '',
    NPM_REGISTRY: (await run('npm', ['config', 'get', 'registry'])).trim(),
    BUILD_NETWORK: 'host',
    SIP_BIND: '127.0.0.1',
    SIP_PORT: String(await freeUdpPort()),
    RTP_FIRST: String(rtp.start),
    RTP_LAST: String(rtp.start + RTP_PORTS - 1),
    METRICS_PORT: String(await freeTcpPort()),
    PAGE_PORT: String(await freeTcpPort()),
  };
}

async function composeCommand(environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const plugin = await tryRun('env', [...assignments, 'docker', 'compose', 'version']);
  return plugin === undefined ? ['docker-compose'] : ['docker', 'compose'];
}

async function imagesOf(docker: ComposeProject['docker']): Promise<string[]> {
  const list = await docker('image', 'ls', '--quiet', '--filter', `reference=${PROJECT}/*`);
  return [...new Set(list.split('\n').filter((id) => id !== ''))];
}

async function output(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  cwd: string,
): Promise<Buffer> {
  const child = spawn(program, [...args], { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => void out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => void err.push(chunk));
  const [code] = await once(child, 'close');
  if (code === 0) return Buffer.concat(out);
  const said = Buffer.concat([...out, ...err]);
  throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${String(said).slice(-3000)}`);
}
