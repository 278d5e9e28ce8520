/** What the line does to a stream in each row of the test, and what the add-on must then have counted. */
import {
  changing,
  delaying,
  doubling,
  joinedBy,
  type LineFault,
  losing,
  overtaking,
  withRtp,
  withSource,
} from '../../../lab/line-faults.js';
import { noise } from '../../../lab/sounds.js';

export interface Row {
  readonly title: string;
  /** So many packets after it began, the fault has done all that it does. */
  readonly packets: number;
  readonly fault: LineFault;
  /** What must stand in the log's `figures of the participant`, beside zeros for all else that is a flaw. */
  readonly figures: Readonly<Record<string, number>>;
  /** Why there is silence in the stream. */
  readonly silentFor?: 'lost' | 'pause' | 'comfort-noise';
}

/** Of each packet: 20 ms of slin16. */
export const FRAME = 320;
const PER_SECOND = 50;
/** Of an RFC 5737 network: nobody's. */
const STRANGER = '203.0.113.9';
const COMFORT_NOISE = { payloadType: 13, payload: Uint8Array.of(0x30) };

/** Random from 0 to 1, the same in each run. */
const dice = noise(6, 1_000);
function chance(nth: number): number {
  return ((dice[nth % dice.length] ?? 0) + 32_768) / 65_536;
}

function countOf(packets: number, is: (nth: number) => boolean): number {
  return Array.from({ length: packets }, (_, nth) => nth).filter(is).length;
}

/** Loses what this says of so many packets. */
function losingOf(title: string, packets: number, is: (nth: number) => boolean): Row {
  const isLost = (nth: number): boolean => nth < packets && is(nth);
  const lost = countOf(packets, isLost);
  return { title, packets, fault: losing(isLost), figures: { lost }, silentFor: 'lost' };
}

const among = (from: number, count: number) => (nth: number) => nth >= from && nth < from + count;

const isDoubled = (nth: number): boolean => nth < 300 && nth % 3 === 0;
const isOvertaken = (nth: number): boolean => nth < 300 && nth % 5 === 0;

/** Another SSRC, and all numbers new, as of a sender that was started anew. */
const RESTARTED = { sequence: 31_000, timestamp: 2 ** 31 + 77 };
const AWAY = 25;

/** A sender that says nothing for half a second, and numbers the packets after it as if nothing had been. */
function quiet(title: string, isMarked: boolean): Row {
  const isAway = among(50, AWAY);
  const numbered = changing(({ sequence }, nth) => {
    if (nth === 50 && isMarked) return COMFORT_NOISE;
    return nth < 50 ? undefined : { sequence: sequence - (isMarked ? AWAY - 1 : AWAY) };
  });
  return {
    title,
    packets: 150,
    fault: (packet, nth, now) => (isAway(nth) && !(isMarked && nth === 50) ? [] : numbered(packet, nth, now)),
    figures: {},
    silentFor: isMarked ? 'comfort-noise' : 'pause',
  };
}

/** Where timestamps go on, they are followed; where they do not, the times of arrival are: once. */
function restarting(title: string, fault: LineFault, resyncs = 0): Row {
  return { title, packets: 250, fault, figures: { restarts: 1, resyncs } };
}

/** Noise that no phone plays, in a packet of this one's kind. */
function foreign(packet: Buffer, nth: number, ssrc: number): Buffer {
  return withRtp(packet, { ssrc, sequence: nth * 7, payload: Buffer.from(noise(nth, FRAME).buffer) });
}

/** Rows whose stream is as long as if nothing had been, and silent only where the line let nothing through. */
export const ROWS: readonly Row[] = [
  losingOf('one of a hundred packets is lost', 300, (nth) => nth % 100 === 50),
  losingOf('one of ten is lost, at random', 300, (nth) => chance(nth) < 0.1),
  losingOf('ten in a row and half a second in a row are lost', 200, (nth) => among(20, 10)(nth) || among(100, 25)(nth)),
  {
    title: 'one of three comes twice, at once',
    packets: 300,
    fault: doubling(isDoubled, 0),
    figures: { duplicate: countOf(300, isDoubled) },
  },
  {
    title: 'one of three comes twice, a third of a second later',
    packets: 330,
    fault: doubling(isDoubled, 333),
    figures: { duplicate: countOf(300, isDoubled) },
  },
  {
    title: 'one of five is overtaken by the next',
    packets: 300,
    fault: overtaking(isOvertaken),
    figures: { reordered: countOf(300, isOvertaken) },
  },
  {
    title: 'each is late by up to 200 ms, as chance will have it',
    packets: 300,
    // How many are overtaken is decided by the timers of this process.
    fault: delaying((nth) => 200 * chance(nth), { inOrder: false }),
    figures: { reordered: Number.NaN },
  },
  {
    title: 'they come in heaps, up to 200 ms late and in order',
    packets: 300,
    fault: delaying((nth) => (nth % 10 === 0 ? 200 * chance(nth) : 0), { inOrder: true }),
    figures: {},
  },
  restarting(
    'another SSRC, and all numbers anew',
    changing(({ sequence, timestamp, ssrc }, nth) =>
      nth < 100
        ? undefined
        : {
            ssrc: ssrc + 1,
            sequence: sequence + RESTARTED.sequence,
            timestamp: timestamp + RESTARTED.timestamp,
          },
    ),
    1,
  ),
  restarting(
    'another SSRC, and the numbers go on',
    changing(({ ssrc }, nth) => (nth < 100 ? undefined : { ssrc: ssrc + 1 })),
  ),
  restarting(
    'the sequence numbers begin elsewhere, far ahead',
    changing(({ sequence }, nth) => (nth < 100 ? undefined : { sequence: sequence + 31_000 })),
  ),
  restarting(
    'the sequence numbers begin again, 60 back',
    changing(({ sequence }, nth) => (nth < 100 ? undefined : { sequence: sequence - 60 })),
  ),
  losingOf('nothing comes for four seconds', 4 * PER_SECOND + 150, among(50, 4 * PER_SECOND)),
  quiet('the sender pauses for half a second without a word', false),
  quiet('the sender pauses for half a second and says so by comfort noise (RFC 3389)', true),
  {
    title: 'others send from Asterisk’s own address and port, with an SSRC of their own',
    packets: 300,
    fault: joinedBy((packet, nth) => (nth < 300 && nth % 10 === 0 ? [foreign(packet, nth, 4711)] : [])),
    figures: { stray: 30 },
  },
  {
    title: 'others send from another port, and from another address',
    packets: 300,
    fault: joinedBy((packet, nth) => [
      withSource(foreign(packet, nth, 4711), { port: 4711 }),
      withSource(foreign(packet, nth, 4712), { address: STRANGER }),
    ]),
    figures: {},
  },
];

/** Longer than is filled with silence. */
export const LONG_STOP: Row = {
  title: 'nothing comes for twelve seconds',
  packets: 700,
  fault: losing(among(50, 600)),
  figures: { lost: 600, resyncs: 1 },
  silentFor: 'lost',
};

export const NEVER_AGAIN: Row = {
  title: 'nothing comes any more',
  packets: 250,
  fault: losing((nth) => nth >= 50),
  figures: {},
  silentFor: 'lost',
};
