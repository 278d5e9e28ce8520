/** What the facts about Asterisk mean: how it is reached, its version, its user for us, its configuration. */

import { ARI_ADVICE } from '../ari-advice.js';
import type { ErrorCode } from '../errors.js';
import { ASTERISK_UNVERIFIED, ASTERISK_UNVERIFIED_ADVICE } from '../insecure-advice.js';
import { parseWebAddress } from '../settings/addresses.js';
import { endOfLifeBefore, faultsOf, OLDEST_MAJOR, parseAsteriskVersion, soundRelease } from './asterisk-versions.js';
import { type Finding, type Line, settingLine, shellLine, well } from './finding.js';

export interface AriPlace {
  readonly url: string;
  readonly username: string;
  readonly app: string;
}

/** Why ARI could not be used. */
export interface AriProblem {
  readonly code: ErrorCode;
  readonly message: string;
  /** Another address at which an ARI was found, when this one had none. */
  readonly foundAt: string | undefined;
  /** ARI itself answered that it has no such resource: one of its modules is missing. */
  readonly isPartMissing: boolean;
}

/** The application of a client as ARI shows it; it is there as long as the client is connected. */
export interface ApplicationFacts {
  readonly allowed: readonly string[];
  readonly disallowed: readonly string[];
  /** Whether it sees the events of all channels. */
  readonly seesAll: boolean;
}

const RELOAD_HTTP = shellLine('asterisk -rx "module reload http"');
const RELOAD_ARI = shellLine('asterisk -rx "module reload res_ari.so"');

export function ariProblem(problem: AriProblem, place: AriPlace): Finding {
  const isLogin = problem.code === 'ARI_WRONG_PASSWORD' || problem.code === 'ARI_FORBIDDEN';
  const advice = ARI_ADVICE[problem.code];
  return {
    id: isLogin ? 'asterisk.login' : 'asterisk.reach',
    level: 'error',
    what: `${problem.message}.`,
    why: `Without ARI no call is seen and none is streamed.${advice === undefined ? '' : ` ${advice}`}`,
    lines: linesFor(problem, place),
  };
}

function linesFor({ code, foundAt, isPartMissing }: AriProblem, { url, username }: AriPlace): Line[] {
  if (foundAt !== undefined) return [settingLine('asterisk.url', foundAt)];
  const section = `ari.conf, [${username}]`;
  switch (code) {
    case 'ARI_REFUSED':
      return [
        { where: 'http.conf, [general]', text: 'enabled = yes' },
        ...bindLines(url),
        RELOAD_HTTP,
        shellLine('asterisk -rx "http show status"'),
      ];
    case 'ARI_UNREACHABLE':
      return [settingLine('asterisk.url', 'http://127.0.0.1:8088')];
    case 'ARI_TIMEOUT':
      return [shellLine('asterisk -rx "http show status"'), settingLine('asterisk.url', 'http://HOST:PORT')];
    case 'ARI_TLS':
      return [settingLine('asterisk.ca', '/path/to/authority.pem')];
    case 'ARI_WRONG_PASSWORD':
      return [
        { where: section, text: 'type = user' },
        { where: section, text: 'password = (what asterisk.password says)' },
        RELOAD_ARI,
      ];
    case 'ARI_FORBIDDEN':
      return [{ where: section, text: 'read_only = no' }, RELOAD_ARI];
    case 'ARI_NOT_THERE':
      if (isPartMissing) return [shellLine('asterisk -rx "module load res_ari_asterisk.so"')];
      return [
        { where: 'ari.conf, [general]', text: 'enabled = yes' },
        RELOAD_ARI,
        shellLine('asterisk -rx "module load res_ari.so"'),
      ];
    default:
      return [settingLine('asterisk.url', 'http://127.0.0.1:8088')];
  }
}

function bindLines(url: string): Line[] {
  const address = parseWebAddress(url);
  if (address === undefined) return [];
  const where = 'http.conf, [general]';
  return [
    { where, text: `bindaddr = ${address.host === 'localhost' ? '127.0.0.1' : address.host}` },
    ...(address.port === undefined ? [] : [{ where, text: `bindport = ${address.port}` }]),
  ];
}

/** `today` is a day as `2026-11-22`. */
export function versionFindings(text: string, today: string): Finding[] {
  const version = parseAsteriskVersion(text);
  const id = 'asterisk.version';
  if (version === undefined) {
    return [{ id, level: 'note', what: `Asterisk calls itself "${text}", which cannot be judged: no release number.` }];
  }
  if (version.major < OLDEST_MAJOR) {
    return [
      {
        id,
        level: 'error',
        what: `Asterisk ${text} is too old.`,
        why: `Taps need what Asterisk has from version ${OLDEST_MAJOR} on.`,
        lines: [shellLine('asterisk -V   # then install a supported version')],
      },
    ];
  }
  const faults = faultsOf(version).map((fault): Finding => {
    const what = `Asterisk ${text} ${fault.what}.`;
    const why = `Fixed in ${soundRelease(fault, version)}. See ${fault.source}`;
    if (fault.level === 'note') return { id, level: 'note', what, why };
    return {
      id,
      level: 'warning',
      what,
      why,
      lines: [shellLine(`# update Asterisk to ${soundRelease(fault, version)} or later`)],
    };
  });
  const end = endOfLifeBefore(version, today);
  const old: Finding[] =
    end === undefined
      ? []
      : [{ id, level: 'note', what: `Asterisk ${version.major} gets no fixes since ${end}, not even for security.` }];
  const all = [...faults, ...old];
  return all.length > 0 ? all : [well(id, `Asterisk ${text}: no known fault that concerns taps.`)];
}

/** `channelvars` of ari.conf, by what came with a channel of ours. */
export function channelvarsFinding(told: readonly string[], workers = 1): Finding {
  const wanted = ['CHANNEL(linkedid)', 'FROM_DID'];
  const lacking = wanted.filter((name) => !told.includes(name));
  const id = 'asterisk.channelvars';
  if (lacking.length === 0) return well(id, 'channelvars: linkedid and DID come with every channel.');
  const line = [...told, ...lacking].join(',');
  const takesDetour = workers > 1 && lacking.includes('CHANNEL(linkedid)');
  const detour = takesDetour
    ? ` With media.workers ${workers} much of the audio also takes a detour, since who is called is not known in time to belong to the caller’s call.`
    : '';
  return {
    id,
    level: 'warning',
    what: `channelvars in ari.conf lacks ${lacking.join(' and ')}.`,
    why: `It works, but each channel costs one request more, and an inbound call one more for its DID.${detour}`,
    lines: [{ where: 'ari.conf, [general]', text: `channelvars = ${line}` }, RELOAD_ARI],
  };
}

/** Whether the name is free, and whether who holds it gets the events that an add-on needs. */
export function applicationFinding(
  facts: ApplicationFacts | undefined,
  app: string,
  needed: readonly string[],
): Finding {
  const id = 'asterisk.application';
  if (facts === undefined) return well(id, `The application name "${app}" is free.`);
  const missing = needed.filter(
    (type) => facts.disallowed.includes(type) || (facts.allowed.length > 0 && !facts.allowed.includes(type)),
  );
  const isFiltered = facts.allowed.length > 0;
  if (facts.seesAll && isFiltered && missing.length === 0) {
    return {
      id,
      level: 'note',
      what: `A client is connected as "${app}", with the event filter of ari-audio-stream: the add-on is running. This check used a name of its own.`,
    };
  }
  if (facts.seesAll && missing.length > 0) {
    return {
      id,
      level: 'warning',
      what: `The client connected as "${app}" has an event filter that keeps back ${missing.join(', ')}.`,
      why: 'If it is the running add-on, somebody changed its filter, and it does not see all calls; if not, the add-on cannot start under this name.',
      lines: [shellLine('systemctl restart ari-audio-stream'), settingLine('asterisk.app', `${app}-2`)],
    };
  }
  return {
    id,
    level: 'warning',
    what: `Another program is connected as "${app}".`,
    why: 'Asterisk gives each application name to one client: the add-on would not start, so as not to throw that program out.',
    lines: [settingLine('asterisk.app', `${app}-2`)],
  };
}

/** `asterisk.insecure` over https. */
export function unverifiedAsterisk(): Finding {
  return {
    id: 'asterisk.certificate',
    level: 'warning',
    what: ASTERISK_UNVERIFIED,
    why: ASTERISK_UNVERIFIED_ADVICE,
    lines: [settingLine('asterisk.insecure', false), settingLine('asterisk.ca', '/path/to/authority.pem')],
  };
}
