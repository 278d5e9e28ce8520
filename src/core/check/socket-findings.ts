/** What the opening of the UDP socket for RTP means, and of the decoder that some formats need. */

import { type HostPort, hostPort } from '../settings/addresses.js';
import type { MediaSettings } from '../settings/settings.js';
import { type Finding, settingLine, shellLine, well } from './finding.js';

/** The socket could not be opened, for another reason than that the port is taken. */
export function listenFinding(message: string, { listen }: MediaSettings): Finding {
  return {
    id: 'audio.socket',
    level: 'error',
    what: `${message}.`,
    why: 'The audio of all calls comes to this socket; the add-on would not start.',
    lines: [settingLine('media.listen', hostPort('0.0.0.0', listen.port)), shellLine('ip -brief address')],
  };
}

export function portTakenFinding(listen: HostPort, triedPort: number): Finding {
  return {
    id: 'audio.socket',
    level: 'note',
    what: `Another program has the UDP port of media.listen, ${hostPort(listen.host, listen.port)}: most likely the running add-on. Port ${triedPort} was tried instead, which proves the way to this address, but not to that port.`,
  };
}

/** What was found of another port than the first one, which is well; `isFirstTaken`: by the running add-on. */
export function laterPortFinding(
  finding: Finding,
  port: HostPort,
  { listen, workers }: MediaSettings,
  isFirstTaken: boolean,
): Finding {
  if (finding.id === 'audio.socket' && !isFirstTaken) {
    return {
      id: 'audio.socket',
      level: 'error',
      what: `Another program has the UDP port ${hostPort(port.host, port.port)}.`,
      why: `With media.workers ${workers} there are ${workers} ports, from that of media.listen on; the add-on would not start.`,
      lines: [shellLine('ss -lunp'), settingLine('media.workers', 1)],
    };
  }
  if (finding.id !== 'audio.path' || finding.level === 'ok') return finding;
  const ports = `${listen.port}:${listen.port + workers - 1}`;
  return {
    ...finding,
    why: `The first port is well. With media.workers ${workers} there are ${workers} of them, one after the other, and a firewall, a router or what a container publishes lets only some pass.`,
    lines: [
      shellLine(`iptables -I INPUT -p udp --dport ${ports} -j ACCEPT   # or publish, or forward, all of them`),
      settingLine('media.workers', 1),
    ],
  };
}

/** `problem` says why opus cannot be decoded; nothing when it can. */
export function opusFinding(problem: string | undefined): Finding {
  if (problem === undefined) return well('audio.decoder', 'Opus can be decoded here.');
  return {
    id: 'audio.decoder',
    level: 'error',
    what: `${problem}.`,
    why: 'With media.format opus the add-on would not start.',
    lines: [shellLine('npm install @discordjs/opus'), settingLine('media.format', 'auto')],
  };
}
