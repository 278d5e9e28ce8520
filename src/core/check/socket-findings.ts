/** What the opening of the UDP socket for RTP means, and of the decoder that some formats need. */

import { hostPort } from '../settings/addresses.js';
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

export function portTakenFinding({ listen }: MediaSettings, triedPort: number): Finding {
  return {
    id: 'audio.socket',
    level: 'note',
    what: `Another program has the UDP port of media.listen, ${hostPort(listen.host, listen.port)}: most likely the running add-on. Port ${triedPort} was tried instead, which proves the way to this address, but not to that port.`,
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
