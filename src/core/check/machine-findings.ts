/** What the facts about this machine mean: Node.js, files and folders, the UDP socket. */

import { type Finding, settingLine, shellLine, skipped, well } from './finding.js';

/** A file that holds a secret, or may. */
export interface SecretFile {
  readonly path: string;
  /** The settings that it holds, such as `asterisk.password`. */
  readonly holds: readonly string[];
  /** The permission bits; nothing where they could not be read. */
  readonly mode: number | undefined;
}

export interface UdpBuffer {
  readonly askedOctets: number;
  readonly grantedOctets: number;
}

/**
 * Days from which a line of Node.js gets no fixes.
 * https://github.com/nodejs/release#release-schedule
 */
const NODE_END_OF_LIFE: Readonly<Record<number, string>> = {
  18: '2025-04-30',
  20: '2026-04-30',
  21: '2024-06-01',
  22: '2027-04-30',
  23: '2025-06-01',
  24: '2028-04-30',
  25: '2026-06-01',
};

/** With fewer a busy PBX would notice. */
const FEW_DESCRIPTORS = 1024;
const OTHERS_MAY_READ = 0o004;
const OTHERS_MAY_WRITE = 0o002;

/** `version` as `v20.19.4`; `today` is a day as `2026-11-22`. */
export function nodeFinding(version: string, today: string): Finding {
  const end = NODE_END_OF_LIFE[Number(/^v?(\d+)/.exec(version)?.[1])];
  if (end === undefined || end >= today) return well('machine.node', `Node.js ${version}.`);
  return {
    id: 'machine.node',
    level: 'note',
    what: `Node.js ${version} gets no fixes since ${end}, not even for security. The add-on runs with it.`,
  };
}

export function secretFileFindings(files: readonly SecretFile[]): Finding[] {
  const open = files.flatMap(openFileFinding);
  if (open.length > 0 || files.length === 0) return open;
  return [well('machine.files', `No other user can read or change ${files.map(({ path }) => path).join(', ')}.`)];
}

function openFileFinding({ path, holds, mode }: SecretFile): Finding[] {
  if (mode === undefined || (mode & (OTHERS_MAY_READ | OTHERS_MAY_WRITE)) === 0) return [];
  const verbs = [
    ...((mode & OTHERS_MAY_READ) === 0 ? [] : ['read']),
    ...((mode & OTHERS_MAY_WRITE) === 0 ? [] : ['change']),
  ];
  return [
    {
      id: 'machine.files',
      level: 'warning',
      what: `Every user of this machine can ${verbs.join(' and ')} ${path}, which holds ${holds.join(' and ')}.`,
      why: 'Who has the ARI password can place and hear calls; who has the secret can send audio in your name.',
      lines: [shellLine(`chmod o= ${quoted(path)}`)],
    },
  ];
}

/** `problem` says why the folder cannot be written to; nothing when it can. */
export function stateDirFinding(path: string, problem: string | undefined, isOpen = false): Finding {
  if (problem === undefined && isOpen) {
    return {
      id: 'machine.stateDir',
      level: 'warning',
      what: `Every user of this machine, or of its group, can change what is in stateDir ${path}.`,
      why: 'Who puts files there can become administrator of the page, and have the audio sent elsewhere.',
      lines: [shellLine(`chmod go-w ${quoted(path)}`)],
    };
  }
  if (problem === undefined) return well('machine.stateDir', `stateDir ${path} can be written to.`);
  return {
    id: 'machine.stateDir',
    level: 'error',
    what: `stateDir ${path} cannot be written to: ${problem}.`,
    why: 'What must outlive a restart cannot be kept there.',
    lines: [
      shellLine(`install -d -m 700 -o "$(id -un)" ${quoted(path)}`),
      settingLine('stateDir', '/var/lib/ari-audio-stream'),
    ],
  };
}

/** `limit` is how many files and connections the program may have open; nothing where that could not be learnt. */
export function descriptorsFinding(limit: number | undefined): Finding {
  const id = 'machine.descriptors';
  if (limit === undefined) return skipped(id, 'How many files and connections may be open could not be learnt here.');
  if (limit >= FEW_DESCRIPTORS) return well(id, `${limit} files and connections may be open at once.`);
  return {
    id,
    level: 'warning',
    what: `Only ${limit} files and connections may be open at once.`,
    why: 'Each call takes one, each who looks at the page some, and the rest 60: a call that finds none is not streamed.',
    lines: [
      { where: 'systemctl edit ari-audio-stream', text: '[Service] LimitNOFILE=65536' },
      shellLine('ulimit -n 65536   # where it is started by hand, in the same shell'),
    ],
  };
}

export function udpBufferFinding({ askedOctets, grantedOctets }: UdpBuffer): Finding {
  const kib = (octets: number): string => `${Math.round(octets / 1024)} KiB`;
  if (grantedOctets >= askedOctets)
    return well('machine.udpBuffer', `The UDP receive buffer has ${kib(grantedOctets)}.`);
  return {
    id: 'machine.udpBuffer',
    level: 'note',
    what: `The UDP receive buffer has ${kib(grantedOctets)} of ${kib(askedOctets)}.`,
    why: 'Enough for some dozens of participants; with more, a moment in which this machine is busy loses audio.',
    lines: [
      { where: '/etc/sysctl.d/60-ari-audio-stream.conf', text: `net.core.rmem_max = ${askedOctets}` },
      shellLine(`sysctl -w net.core.rmem_max=${askedOctets}`),
    ],
  };
}

/**
 * Whether it can be listened there: `problem` is Node's code for why not. `addOnRuns`: one of ours is connected
 * to Asterisk, and has the port most likely.
 */
export function listenerFinding(listener: Listener, problem: string | undefined, addOnRuns: boolean): Finding {
  const { id, key, address, proposal } = listener;
  if (problem === undefined) return well(id, `${key} ${address} is free.`);
  const isTaken = problem === 'EADDRINUSE';
  if (isTaken && addOnRuns) {
    return { id, level: 'note', what: `${key} ${address} is in use, most likely by the running add-on.` };
  }
  return {
    id,
    level: 'error',
    what: `${key} ${address} cannot be used: ${isTaken ? 'another program has the port' : problem}.`,
    why: 'The add-on would not start.',
    lines: [shellLine('ss -ltnp   # who has which port'), settingLine(key, proposal)],
  };
}

/** A TCP address at which the add-on listens for others. */
export interface Listener {
  readonly id: 'machine.monitoring' | 'machine.page';
  readonly key: 'monitoring.listen' | 'web.listen';
  readonly address: string;
  /** An address to take instead. */
  readonly proposal: string;
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
