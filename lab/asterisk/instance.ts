/** One running Asterisk: its ports, its start and its end. */
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AriHttp, type AriLogin } from '../ari-http.js';
import { until } from '../until.js';
import { type Confined, runConfined } from './confined.js';
import { freeTcpPort, freeUdpPort, rtpRange } from './free-ports.js';
import { type Configuration, type ConfOverrides, FOLDERS, writeInstanceFiles } from './instance-files.js';
import type { AsteriskInstallation } from './provision.js';
import { run } from './run.js';

export interface AsteriskOptions {
  readonly installation: AsteriskInstallation;
  /** For messages. */
  readonly name: string;
  /** Holds all that this instance writes; must lie below the folder for temporary files. */
  readonly runDir: string;
  readonly configuration: Configuration;
}

export interface AsteriskInstance {
  readonly name: string;
  readonly ari: AriLogin;
  readonly sipPort: number;
  readonly runDir: string;
  /** What Asterisk said: notices, warnings and errors. */
  readonly logFile: string;
  /** Recordings by ARI end up here. */
  readonly recordingDir: string;
  /** Runs one command of Asterisk's console and gives its output. */
  cli(command: string): Promise<string>;
  /** Ends it, in order if it can be, and waits until it is gone. The second call does nothing. */
  stop(): Promise<void>;
  /** Ends it like a power cut (SIGKILL), and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again once it has ended, with its files and addresses as they are, and waits until it is booted. */
  restart(): Promise<void>;
}

const ARI_USER = 'ari-audio-stream';
const BOOT_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 5_000;

/** Enough of the log to see why it did not start. */
const TELLING_LINES = 20;

/**
 * Prepares the tree's mounts, then becomes Asterisk. All of it happens in the namespaces that end with Asterisk.
 * Many calls need many sockets: the limit of open files is raised as far as it may be.
 */
const START = `
set -e
tree=$1 run=$2 temporary=$3; shift 3
ulimit -n 16384 2>/dev/null || ulimit -n "$(ulimit -Hn)"
if [ -n "$tree" ]; then
  mount -t proc proc "$tree/proc"
  mount --rbind /dev "$tree/dev"
  mount --rbind /sys "$tree/sys"
  mkdir -p "$tree$temporary"
  mount --bind "$temporary" "$tree$temporary"
  for file in hosts nsswitch.conf; do
    : >>"$tree/etc/$file"
    mount --bind "$run/$file" "$tree/etc/$file"
  done
fi
exec "$@"
`;

/** Starts an Asterisk on free ports of loopback and waits until it is fully booted and ARI answers. */
export async function startAsterisk(options: AsteriskOptions): Promise<AsteriskInstance> {
  const { installation, name, runDir, configuration } = options;
  const [httpPort, sipPort] = [await freeTcpPort(), await freeUdpPort()];
  const ari = { url: `http://127.0.0.1:${httpPort}`, username: ARI_USER, password: `lab-${httpPort}-${sipPort}` };
  const overrides = [ownValues(httpPort, sipPort, ari.password), ...configuration.overrides];
  const configFile = await writeInstanceFiles(runDir, { ...configuration, overrides });

  let asterisk: Confined;
  const kill = async (): Promise<void> => {
    asterisk.kill();
    await asterisk.exited;
  };
  const boot = async (): Promise<void> => {
    asterisk = launch(options, configFile);
    try {
      await booted(new AriHttp(ari), asterisk, name);
    } catch (error) {
      await kill();
      throw new Error(`${error instanceof Error ? error.message : error}\n${await lastWords(runDir)}`);
    }
  };
  await boot();
  return {
    name,
    ari,
    sipPort,
    runDir,
    logFile: join(runDir, FOLDERS.log, 'messages'),
    recordingDir: join(runDir, FOLDERS.recordings),
    cli: async (command) => {
      const remote = inTree(installation, ['asterisk', '-C', configFile, '-rx', command]);
      const [program = '', ...args] = [...(await entering(asterisk, installation)), ...remote];
      return run(program, args);
    },
    stop: async () => {
      asterisk.terminate();
      await Promise.race([asterisk.exited, pause(STOP_LIMIT_MS, undefined, { ref: false })]);
      await kill();
    },
    kill,
    restart: boot,
  };
}

/** What keeps this instance apart from all others on the machine. */
function ownValues(httpPort: number, sipPort: number, password: string): ConfOverrides {
  const rtp = rtpRange();
  return {
    'ari.conf': { [ARI_USER]: { password } },
    'http.conf': { general: { bindaddr: '127.0.0.1', bindport: String(httpPort) } },
    'pjsip.conf': { 'transport-udp': { bind: `127.0.0.1:${sipPort}` } },
    'rtp.conf': { general: { rtpstart: String(rtp.start), rtpend: String(rtp.end) } },
  };
}

function launch({ installation, runDir }: AsteriskOptions, configFile: string): Confined {
  // -p, as Debian's own service has it: audio comes before whatever else the machine does.
  const asterisk = inTree(installation, ['asterisk', '-f', '-p', '-C', configFile]);
  const command = ['sh', '-c', START, 'start', installation.tree ?? '', runDir, tmpdir(), ...asterisk];
  const output = openSync(join(runDir, FOLDERS.log, 'console'), 'a');
  try {
    return runConfined(command, installation.confinement, output);
  } finally {
    closeSync(output);
  }
}

function inTree({ tree }: AsteriskInstallation, command: readonly string[]): string[] {
  return tree === undefined ? [...command] : ['chroot', tree, ...command];
}

async function booted(ari: AriHttp, asterisk: Confined, name: string): Promise<void> {
  const ended = new AbortController();
  asterisk.exited.then(
    ({ code, signal }) => ended.abort(`ended with ${signal ?? code}`),
    (error: Error) => ended.abort(error.message),
  );
  // ARI answers 503 until Asterisk has loaded every module.
  const ready = async (): Promise<boolean> => {
    if (ended.signal.aborted) throw new Error(`Asterisk "${name}" did not start: ${ended.signal.reason}`);
    return ari.isReady();
  };
  await until(`Asterisk "${name}" is fully booted`, ready, BOOT_LIMIT_MS);
}

/** How a command gets to where Asterisk's mounts are: through the guard, the first process of the namespaces. */
async function entering(asterisk: Confined, { confinement }: AsteriskInstallation): Promise<string[]> {
  if (confinement === 'none') return [];
  const { pid } = asterisk.process;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return ['nsenter', '--target', children.trim(), '--mount', '--'];
}

async function lastWords(runDir: string): Promise<string> {
  const folder = join(runDir, FOLDERS.log);
  const said = await readFile(join(folder, 'messages'), 'utf8').catch(() => readFile(join(folder, 'console'), 'utf8'));
  return said.split('\n').slice(-TELLING_LINES).join('\n');
}
