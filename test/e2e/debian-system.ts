/**
 * A Debian to install packages into, as a copy of the lab's kind of tree that is thrown away: an overlay in memory, in namespaces
 * of its own. It shares the network of this machine.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { type Confined, runConfined } from '../../lab/asterisk/confined.js';
import { debianTree } from '../../lab/asterisk/debian-tree.js';
import { type LabFolder, makeLabFolder } from '../../lab/lab-folder.js';
import { until } from '../../lab/until.js';
import { Printing } from './printing.js';

const execute = promisify(execFile);

/** Everything that the Debian package depends on, and the library of the example receiver. */
const TREE = {
  name: 'packages',
  title: 'Node.js and systemd',
  packages: ['nodejs', 'systemd', 'python3-websockets'],
  probe: ['node', '--version'],
} as const;

const SET_UP = `
set -e
mount -t tmpfs tmpfs "$2"
mkdir "$2/upper" "$2/work" "$2/root"
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
mount --rbind /dev "$2/root/dev"
mount -t proc proc "$2/root/proc"
echo ready
exec sleep infinity
`;

/** nsenter(1) passes no signal on; the end of its input asks the program to end. */
const GUARD = `
exec 3<&0
sh -c "$1" </dev/null 3<&- & program=$!
{ read -r _ <&3; kill -TERM "$program"; } 2>/dev/null & wait "$program"
`;

/** A program inside the system. */
export class Inside extends Printing {
  override stop(): Promise<number | null> {
    this.process.stdin?.end();
    return this.exited;
  }
}

export interface Outcome {
  readonly code: number;
  /** Standard output and error. */
  readonly text: string;
}

export class DebianSystem {
  readonly #folder: LabFolder;
  readonly #holder: Confined;
  readonly #enter: readonly string[];

  private constructor(folder: LabFolder, holder: Confined, enter: readonly string[]) {
    this.#folder = folder;
    this.#holder = holder;
    this.#enter = enter;
  }

  /** The first time on a machine makes a tree, which takes about a minute. */
  static async start(): Promise<DebianSystem> {
    const tree = await debianTree(TREE, (line) => process.stderr.write(`${line}\n`));
    const folder = await makeLabFolder();
    const holder = runConfined(['sh', '-c', SET_UP, 'sh', tree, folder.path], 'namespaces', 'pipe');
    let said = '';
    for (const stream of [holder.process.stdout, holder.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
      });
    }
    const outcome = holder.exited.then(() => {
      throw new Error(`The Debian system could not be made: ${said}`);
    });
    await Promise.race([outcome, until('the overlay is mounted', () => said.includes('ready'))]);
    outcome.catch(() => undefined);
    // The namespaces are those of the guard, the one child of unshare(1).
    const { pid } = holder.process;
    const guard = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const enter = ['--target', guard, '--mount', '--pid', '--', 'chroot', join(folder.path, 'root')];
    return new DebianSystem(folder, holder, enter);
  }

  /** Runs a command of the shell as root; never rejects. */
  async run(command: string): Promise<Outcome> {
    try {
      const { stdout, stderr } = await execute('nsenter', [...this.#enter, 'sh', '-c', command], this.#options);
      return { code: 0, text: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, text: stdout + stderr };
    }
  }

  /** Starts a program that goes on. */
  starts(command: string): Inside {
    return new Inside('nsenter', [...this.#enter, 'sh', '-c', GUARD, 'sh', `exec ${command}`], this.#options.env);
  }

  /** Copies a file of this machine into /tmp. */
  async carryIn(path: string): Promise<void> {
    const job = execute('nsenter', [...this.#enter, 'sh', '-c', `cat > /tmp/${basename(path)}`], this.#options);
    job.child.stdin?.end(readFileSync(path));
    await job;
  }

  /** Writes a file, whose rights stay as they are. */
  async write(path: string, text: string): Promise<void> {
    const { code, text: complaint } = await this.run(`cat > ${path} <<'END'\n${text}\nEND`);
    if (code !== 0) throw new Error(complaint);
  }

  async stop(): Promise<void> {
    this.#holder.kill();
    await this.#holder.exited;
    this.#folder.remove();
  }

  get #options() {
    const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    return {
      env: { PATH: path, LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive', NODE_OPTIONS: '' },
      maxBuffer: 1 << 26,
    };
  }
}
