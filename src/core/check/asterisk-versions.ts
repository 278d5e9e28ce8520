/** Versions of Asterisk: what they are too old for, and known faults that concern taps, each with its source. */

export interface AsteriskVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** The number behind `-cert` of a certified version. */
  readonly certified: number | undefined;
}

export interface KnownFault {
  readonly level: 'note' | 'warning';
  readonly what: string;
  readonly source: string;
  /** The first sound version of each branch; branches that are not named here are not judged. */
  readonly fixedIn: readonly Release[];
  /** The first faulty version of each branch; every version before the sound one where it is absent. */
  readonly since?: readonly Release[];
}

type Release = readonly [major: number, minor: number, patch: number];

/** externalMedia, the event filter and all else that a tap needs. */
export const OLDEST_MAJOR = 18;

/**
 * Branches that get no fixes any more, and the day from which.
 * https://docs.asterisk.org/About-the-Project/Asterisk-Versions/
 */
const END_OF_LIFE: Readonly<Record<number, string>> = {
  18: '2025-10-20',
  19: '2023-11-02',
  20: '2027-10-19',
  21: '2026-10-18',
  22: '2029-10-16',
};

const CHANGE_LOGS = 'https://downloads.asterisk.org/pub/telephony/asterisk/releases';

/** Only what its source says. Reports of single machines are not in it, nor what concerns no part that a tap uses. */
export const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    level: 'warning',
    what: 'can lock up when a channel is hung up, by ARI too, as each tap is at its end',
    source: 'https://github.com/asterisk/asterisk/issues/1928',
    since: [
      [20, 19, 0],
      [22, 9, 0],
    ],
    fixedIn: [
      [20, 20, 0],
      [22, 10, 0],
    ],
  },
  {
    level: 'warning',
    what: 'can be crashed by a malformed Authorization header in a SIP request (GHSA-64qc-9x89-rx5j)',
    source: `${CHANGE_LOGS}/ChangeLog-22.5.2.html`,
    since: [
      [20, 15, 0],
      [21, 10, 0],
      [22, 5, 0],
    ],
    fixedIn: [
      [20, 15, 2],
      [21, 10, 2],
      [22, 5, 2],
    ],
  },
  {
    level: 'warning',
    what: 'can be made to leak RTP ports from outside until none is left, for calls and taps alike (GHSA-557q-795j-wfx2)',
    source: `${CHANGE_LOGS}/ChangeLog-18.26.4.html`,
    fixedIn: [[18, 26, 4]],
  },
  {
    level: 'warning',
    what: 'echoes what visitors send on the page /httpstatus of its web server, which ARI needs (GHSA-v6hp-wh3r-cwxh); until the update say enable_status=no in http.conf',
    source: `${CHANGE_LOGS}/ChangeLog-22.8.2.html`,
    fixedIn: [
      [20, 18, 2],
      [21, 12, 1],
      [22, 8, 2],
      [23, 2, 2],
    ],
  },
  {
    level: 'note',
    what: 'may answer a wish for slin with mu-law, which sounds a little less well and is decoded all the same',
    source: 'https://github.com/asterisk/asterisk/issues/394',
    fixedIn: [
      [18, 21, 0],
      [20, 6, 0],
    ],
  },
  {
    level: 'note',
    what: 'keeps a device state for each address that audio was sent to; it stays small as long as media.listen has a fixed port',
    source: 'https://github.com/asterisk/asterisk/issues/1638',
    fixedIn: [
      [20, 18, 0],
      [22, 8, 0],
    ],
  },
];

/** `22.10.1~dfsg-1`, `certified/20.7-cert9`, `20.7-cert9`; nothing for one built from git (`GIT-20-97b4df1f63`). */
export function parseAsteriskVersion(text: string): AsteriskVersion | undefined {
  const match = /^(?:Asterisk )?(?:certified[/-])?(\d+)\.(\d+)(?:\.(\d+))?(?:-cert(\d+))?/i.exec(text);
  if (match === null) return undefined;
  const [, major, minor, patch = '0', certified] = match;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    certified: certified === undefined ? undefined : Number(certified),
  };
}

/** The faults of this version. Certified versions have fixes of their own, so that their numbers say nothing here. */
export function faultsOf(version: AsteriskVersion): KnownFault[] {
  if (version.certified !== undefined) return [];
  return KNOWN_FAULTS.filter(({ fixedIn, since }) => {
    const sound = ofBranch(fixedIn, version);
    if (sound === undefined || !isBefore(version, sound)) return false;
    const first = since === undefined ? undefined : ofBranch(since, version);
    return first === undefined || !isBefore(version, first);
  });
}

/** The sound release of this version's branch, as `22.10.0`. */
export function soundRelease({ fixedIn }: KnownFault, version: AsteriskVersion): string {
  return ofBranch(fixedIn, version)?.join('.') ?? 'a newer one';
}

/** The day, as `2025-10-20`, since which this branch gets no fixes; nothing while it does. `today` is such a day too. */
export function endOfLifeBefore({ major }: AsteriskVersion, today: string): string | undefined {
  const end = END_OF_LIFE[major];
  return end !== undefined && end < today ? end : undefined;
}

function ofBranch(releases: readonly Release[], { major }: AsteriskVersion): Release | undefined {
  return releases.find(([branch]) => branch === major);
}

function isBefore({ minor, patch }: AsteriskVersion, [, otherMinor, otherPatch]: Release): boolean {
  return minor < otherMinor || (minor === otherMinor && patch < otherPatch);
}
