/**
 * A Docker engine for tests: the machine's own if it runs, else one that we start and that leaves nothing behind. Ours lives
 * in mount, process and network namespaces of its own, so that its containers, mounts, interfaces and firewall rules vanish
 * with it, however we end (see ../asterisk/confined.ts); only its images stay, in the cache.
 */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Confined, runConfined } from '../asterisk/confined.js';
import { withFileLock } from '../asterisk/file-lock.js';
import { tryRun } from '../asterisk/run.js';
import { deferred } from '../deferred.js';
import { type LabFolder, makeLabFolder } from '../lab-folder.js';
import { Teardown } from '../teardown.js';
import { LabUnavailable } from '../unavailable.js';
import { until } from '../until.js';
import { cacheFolder, dockerTools } from './tools.js';

export interface DockerEngine {
  /** Variables for whoever calls `docker`. */
  readonly environment: NodeJS.ProcessEnv;
  /** False when the machine's own is used, whose images are not ours to keep. */
  readonly isOurs: boolean;
  /** Ends ours; the second call does nothing. */
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;
const CGROUPS = '/sys/fs/cgroup';

/**
 * Inside namespaces of mounts and processes: folders that the engine would write to are covered, then it starts in a network
 * namespace that slirp4netns connects with the world outside, name lookups included. Until that namespace is there,
 * slirp4netns must not begin: it would change the machine's own network.
 */
const START = `
set -e
run=$1 data=$2 group=$3
mkdir -p "$run/over"
mount -t tmpfs tmpfs "$run/over"
for folder in etc opt; do
  mkdir -p "$run/over/$folder" "$run/over/$folder-work"
  mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$run/over/$folder,workdir=$run/over/$folder-work" "/$folder"
done
rm -f /etc/resolv.conf
echo 'nameserver 10.0.2.3' >/etc/resolv.conf
mount -t tmpfs tmpfs /run
unshare --net sh -c '
  until grep -q 127.0.0.1 /proc/net/fib_trie && grep -q tap0 /proc/net/route; do sleep 0.02; done
  exec dockerd --host "unix://$1/docker.sock" --group 0 --data-root "$2" --cgroup-parent "/$3" --log-level warn \\
    --exec-opt native.cgroupdriver=cgroupfs' engine "$run" "$data" "$group" & engine=$!
while [ "$(readlink "/proc/$engine/ns/net")" = "$(readlink /proc/$$/ns/net)" ]; do sleep 0.02; done
{ slirp4netns --configure --mtu=65520 --disable-host-loopback "$engine" tap0 || :
  kill -TERM "$engine"; } &
trap 'kill -TERM "$engine"' TERM
while kill -0 "$engine" 2>/dev/null; do wait "$engine" || :; done
`;

/** Throws LabUnavailable, with one sentence, where there can be none. */
export async function dockerEngine(progress: (line: string) => void): Promise<DockerEngine> {
  if ((await tryRun('docker', ['info'])) !== undefined && (await hasCompose())) {
    return { environment: {}, isOurs: false, stop: async () => {} };
  }
  const tools = await dockerTools(progress);
  const teardown = new Teardown();
  teardown.runOnSignals();
  try {
    return await startEngine(tools, teardown, progress);
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

async function startEngine(
  tools: NodeJS.ProcessEnv,
  teardown: Teardown,
  progress: (line: string) => void,
): Promise<DockerEngine> {
  const data = join(cacheFolder(), 'docker');
  await mkdir(data, { recursive: true });
  await holdLock(join(cacheFolder(), 'docker-lock'), teardown, progress);
  const folder = await makeLabFolder();
  teardown.add(folder.remove);
  const group = `ari-audio-stream-${process.pid}`;
  teardown.add(() => removeControlGroups(group));

  progress('Starting a Docker engine of its own …');
  const environment = { ...tools, DOCKER_HOST: `unix://${folder.path}/docker.sock` };
  const engine = launch(folder, data, group, tools);
  teardown.add(async () => {
    engine.terminate();
    await Promise.race([engine.exited, pause(STOP_LIMIT_MS, undefined, { ref: false })]);
    engine.kill();
    await engine.exited;
  });
  let hasEnded = false;
  void engine.exited.then(() => {
    hasEnded = true;
  });
  await until(
    'the Docker engine answers',
    async () => hasEnded || (await tryRun('env', [...assignments(environment), 'docker', 'info'])) !== undefined,
    START_LIMIT_MS,
  );
  if (hasEnded) throw new LabUnavailable(`No Docker engine can be started here: ${lastWords(folder)}`);
  return { environment, isOurs: true, stop: () => teardown.run() };
}

function launch(folder: LabFolder, data: string, group: string, tools: NodeJS.ProcessEnv): Confined {
  const output = openSync(join(folder.path, 'engine.log'), 'a');
  try {
    const command = ['env', ...assignments(tools), 'sh', '-c', START, 'start', folder.path, data, group];
    return runConfined(command, 'namespaces', output);
  } finally {
    closeSync(output);
  }
}

/** Two engines must not share one folder of images: the second waits. */
async function holdLock(path: string, teardown: Teardown, progress: (line: string) => void): Promise<void> {
  const held = deferred<void>();
  const done = deferred<void>();
  const onWait = (): void => progress('Another run has the Docker engine; waiting for it …');
  const lock = withFileLock(path, onWait, async () => {
    held.settle();
    await done.promise;
  });
  teardown.add(async () => {
    done.settle();
    await lock;
  });
  await Promise.race([held.promise, lock]);
}

/** The kernel's groups outlive the processes that were in them. */
async function removeControlGroups(group: string): Promise<void> {
  const roots = [CGROUPS, ...(await readdir(CGROUPS)).map((name) => join(CGROUPS, name))];
  for (const root of roots) await removeFolders(join(root, group));
}

/** Folders only: files in a control group are not there to be removed. */
async function removeFolders(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeFolders(join(folder, entry.name));
  await rmdir(folder).catch(() => {});
}

async function hasCompose(): Promise<boolean> {
  const plugin = await tryRun('docker', ['compose', 'version']);
  return (plugin ?? (await tryRun('docker-compose', ['version']))) !== undefined;
}

function assignments(environment: NodeJS.ProcessEnv): string[] {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`);
}

function lastWords(folder: LabFolder): string {
  return readFileSync(join(folder.path, 'engine.log'), 'utf8').trim().split('\n').at(-1) ?? '';
}
