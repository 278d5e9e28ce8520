/** What it means when the audio of a tap comes, comes from elsewhere, or does not come: for the check and for the log. */

import { hostPort, isUnspecified, parseHostPort } from '../settings/addresses.js';
import { type Finding, type Line, settingLine, shellLine, well } from './finding.js';

export interface RtpAddresses {
  /** HOST:PORT that Asterisk was told to send to. */
  readonly advertised: string;
  /** HOST:PORT where packets are awaited. */
  readonly listening: string;
  /** HOST:PORT that Asterisk says it sends from. */
  readonly source: string;
  /** HOST:PORT of senders whom no tap knows. */
  readonly strangers: readonly string[];
  /** `media.format`. */
  readonly format: string;
  /** The address by which this machine speaks with Asterisk, where it is known. */
  readonly ownAddress: string | undefined;
}

/** How one loop-back tap went. */
export interface TapFacts extends RtpAddresses {
  readonly packets: number;
  /** Milliseconds for which packets were counted. */
  readonly countedMs: number;
  /** Milliseconds from the joining to the first packet. */
  readonly firstAfterMs: number | undefined;
  /** Packets that are lacking between those that came. */
  readonly lost: number;
  /** The packets were of a kind that can be decoded. */
  readonly isUsable: boolean;
  /** The RTP payload type of the first packet. */
  readonly payloadType: number | undefined;
  /** Another program has the port of media.listen, so that a port beside it was tried. */
  readonly isOtherPort: boolean;
}

export interface Missing {
  readonly what: string;
  readonly why: string;
  readonly lines: readonly Line[];
}

const FORMATS_THAT_NEED_A_CODEC: readonly string[] = ['opus', 'ulaw', 'alaw'];
/** Asterisk sends a packet each 20 ms. */
const PACKETS_PER_SECOND = 50;
/** A machine that is busy for a moment is no fault of the network. */
const ENOUGH = 0.8;

/** Why no packet of a tap came, as far as the addresses tell. The same words go to the log of a running add-on. */
export function whyNoRtp(addresses: RtpAddresses): Missing {
  const { advertised, source, strangers } = addresses;
  const what = `Asterisk sends the audio from ${source} to ${advertised}, and nothing of it arrived`;
  const stranger = strangers.find((name) => portOf(name) === portOf(source)) ?? strangers[0];
  if (stranger !== undefined) {
    return {
      what: `${what} from there; packets came from ${stranger} instead, and were dropped`,
      why: 'Something between changes the source address (NAT). Audio is taken only from where Asterisk says that it sends from: anything else could be a stranger’s.',
      lines: [
        shellLine(
          `${tablesFor(advertised)} -t nat -I POSTROUTING -p udp -d ${hostOf(advertised)} --dport ${portOf(advertised)} -j ACCEPT   # where the address is changed`,
        ),
      ],
    };
  }
  return { what, ...reasonOf(addresses) };
}

function reasonOf(addresses: RtpAddresses): Pick<Missing, 'why' | 'lines'> {
  const { advertised, listening, ownAddress, format } = addresses;
  const port = portOf(listening);
  const codec = FORMATS_THAT_NEED_A_CODEC.includes(format) ? `; or Asterisk has no codec for ${format}` : '';
  const isDistant = ownAddress !== undefined && !isLoopback(ownAddress);
  if (isLoopback(hostOf(advertised)) && isDistant) {
    return {
      why: `Asterisk is on another machine, and ${hostOf(advertised)} is that machine itself when Asterisk sends to it.`,
      lines: [
        settingLine('media.advertise', hostPort(ownAddress, port)),
        ...(isLoopback(hostOf(listening)) ? [settingLine('media.listen', `0.0.0.0:${port}`)] : []),
      ],
    };
  }
  if (isLoopback(hostOf(listening)) && !isLoopback(hostOf(advertised))) {
    return {
      why: `media.listen ${listening} takes only what comes from this machine itself.`,
      lines: [settingLine('media.listen', `0.0.0.0:${port}`)],
    };
  }
  if (isElsewhere(addresses)) {
    const mine = isDistant ? ownAddress : hostOf(listening);
    return {
      why: `media.advertise ${advertised} does not lead to media.listen ${listening}, unless something forwards it there; or a firewall drops the packets.`,
      lines: [settingLine('media.advertise', hostPort(mine, port)), ...firewallLines(addresses)],
    };
  }
  return {
    why: `A firewall drops UDP to port ${portOf(advertised)}${isLoopback(hostOf(advertised)) ? '' : `, or ${hostOf(advertised)} is not this machine`}${codec}.`,
    lines: [
      ...firewallLines(addresses),
      ...(isLoopback(hostOf(advertised))
        ? []
        : [settingLine('media.advertise', `(this machine, as Asterisk sees it):${port}`)]),
      ...(codec === '' ? [] : [shellLine(`asterisk -rx "core show translation paths ${format}"`)]),
    ],
  };
}

function firewallLines({ source, listening }: RtpAddresses): Line[] {
  const [host, port] = [hostOf(source), portOf(listening)];
  return [
    shellLine(`${tablesFor(source)} -I INPUT -p udp -s ${host} --dport ${port} -j ACCEPT`),
    shellLine(`ufw allow proto udp from ${host} to any port ${port}   # where ufw is in use`),
  ];
}

/** What a loop-back tap has shown of the way of the audio. `isExplained`: a finding on modules says why it may have failed. */
export function rtpFindings(facts: TapFacts, isExplained: boolean): Finding[] {
  if (facts.packets === 0) return [isExplained ? notMade(facts) : notArrived(facts)];
  const { packets, countedMs, advertised, source, firstAfterMs, lost } = facts;
  const when = firstAfterMs === undefined ? '' : `, the first after ${firstAfterMs} ms`;
  const arrived = well('audio.path', `${packets} packets in ${countedMs} ms came to ${advertised}${when}.`);
  const from = well('audio.source', `They came from ${source}, as Asterisk had said.`);
  const expected = (countedMs / 1000) * PACKETS_PER_SECOND;
  return [
    arrived,
    from,
    ...(packets < expected * ENOUGH || lost > 0 ? [incomplete(facts, Math.round(expected))] : []),
    ...(facts.isUsable ? [] : [unusable(facts)]),
  ];
}

/** The tap itself did not come about. */
export function noTapFinding(message: string, isExplained: boolean): Finding {
  const why = isExplained
    ? 'Most likely for the lack of the module above: see to that first, and check again.'
    : 'A participant of a call would be tapped in the same way, and no more successfully. The log of Asterisk says more.';
  const lines = [
    shellLine('asterisk -rx "module show like stasis"'),
    shellLine('asterisk -rx "module show like rtp"'),
    settingLine('media.format', 'auto'),
  ];
  return { id: 'audio.path', level: 'error', what: `${message}.`, why, ...(isExplained ? {} : { lines }) };
}

function notMade({ advertised }: TapFacts): Finding {
  return {
    id: 'audio.path',
    level: 'error',
    what: `No audio came from Asterisk to ${advertised}.`,
    why: 'Most likely for the lack of the module above: see to that first, and check again.',
  };
}

function notArrived(facts: TapFacts): Finding {
  const { what, why, lines } = whyNoRtp(facts);
  if (!facts.isOtherPort) return { id: 'audio.path', level: 'error', what: `${what}.`, why, lines };
  return {
    id: 'audio.path',
    level: 'warning',
    what: `${what}. This was a port beside media.listen, which another program has.`,
    why: `${why} A firewall may let through only the port of media.listen: stop the add-on and check again to know.`,
    lines,
  };
}

function incomplete({ packets, lost }: TapFacts, expected: number): Finding {
  return {
    id: 'audio.loss',
    level: 'warning',
    what: `Only ${packets} of some ${expected} packets came, ${lost} lost on the way.`,
    why: 'What is lost is silence in the stream. A network that loses packets, or a machine too busy to take them.',
    lines: [shellLine('nstat -az UdpRcvbufErrors UdpInErrors   # growing numbers: this machine is too slow')],
  };
}

function unusable({ payloadType }: TapFacts): Finding {
  return {
    id: 'audio.format',
    level: 'error',
    what: `The packets have RTP payload type ${payloadType ?? 'none'}, which cannot be decoded.`,
    why: 'The streams would hold silence only.',
    lines: [settingLine('media.format', 'auto')],
  };
}

/** Whether the advertised address is plainly another one than that of the socket. */
function isElsewhere({ advertised, listening }: RtpAddresses): boolean {
  if (portOf(advertised) !== portOf(listening)) return true;
  return hostOf(advertised) !== hostOf(listening) && !isUnspecified(hostOf(listening));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function hostOf(address: string): string {
  return parseHostPort(address)?.host ?? address.replace(/:\d+$/, '');
}

function portOf(address: string): string {
  return /:(\d+)$/.exec(address)?.[1] ?? '';
}

function tablesFor(address: string): string {
  return hostOf(address).includes(':') ? 'ip6tables' : 'iptables';
}
