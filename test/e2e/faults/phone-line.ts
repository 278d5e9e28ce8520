/** Troubles on the phone's side of Asterisk: they are the phone's own, and the stream is as good as what Asterisk got. */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { installMissing } from '../../../lab/asterisk/apt.js';
import { run } from '../../../lab/asterisk/run.js';
import { writeSound } from '../../../lab/sounds.js';
import { until } from '../../../lab/until.js';
import { samplesOf } from '../listening-receiver.js';
import { flows, playedBy, RATE } from '../noise-call.js';
import { endOf, type LineLab, type Outcome, portsOf, tappedCall } from './line-lab.js';

const CARRY_LIMIT_MS = 60_000;
/** Of each packet: 20 ms of slin16. */
const FRAME = 320;
const LOSES_ONE_OF = 12;
const STUTTERS = 6;
const STUTTER_MS = 200;

/** A phone that speaks for a second, sends nothing for three, and speaks again. `upMs`: how long the call was up, about. */
export async function phoneThatPauses(
  place: LineLab,
  numbers: readonly [string, string],
): Promise<{ readonly outcome: Outcome; readonly upMs: number }> {
  const { lab, receiver, line } = place;
  const [quiet, other] = numbers;
  const said = await writeSound(lab.folder, 'said', RATE, playedBy(quiet).subarray(0, RATE));
  lab.phones.answers(other, { afterMs: 600 });
  const caller = await lab.phones.call({ from: quiet, to: other, plays: said });
  const begun = performance.now();
  const callee = await lab.phones.answeredBy(other);
  await flows(receiver, numbers);
  const ports = await portsOf(place, numbers);
  const enough = line.seen(ports[0]).length + 150;
  await until('three seconds have passed', () => line.seen(ports[0]).length >= enough, CARRY_LIMIT_MS);
  await caller.play(await writeSound(lab.folder, 'said-again', RATE, playedBy(quiet).subarray(RATE, 2 * RATE)));
  await until('it has spoken again', () => line.seen(ports[0]).length >= enough + 100, CARRY_LIMIT_MS);
  const [outcome] = await endOf(place, { call: { caller, callee }, numbers, ports });
  return { outcome, upMs: performance.now() - begun };
}

/** The 20 ms of sound of which what a phone played consists. */
interface Frames {
  readonly all: ReadonlySet<number>;
  /** Which of them are, whole, in these samples. */
  in(samples: Int16Array): ReadonlySet<number>;
}

/** A phone whose packets are lost, one of twelve, on their way to Asterisk. */
export async function losingOfPhone(
  place: LineLab,
  numbers: readonly [string, string],
): Promise<{ readonly outcome: Outcome; readonly heardByOther: Int16Array; readonly frames: Frames }> {
  const { line } = place;
  await installMissing({ iptables: 'iptables' }, () => {});
  const tapped = await tappedCall(place, numbers);
  const port = await mediaPortOf(place, numbers[0]);
  const match = ['-p', 'udp', '-s', '127.0.0.1', '--dport', port];
  const oneOf = ['-m', 'statistic', '--mode', 'nth', '--every', String(LOSES_ONE_OF), '--packet', '0'];
  const rule = ['INPUT', ...match, ...oneOf, '-j', 'DROP'];
  const from = line.seen(tapped.ports[0]).length;
  await run('iptables', ['-w', '-I', ...rule]);
  try {
    await until('it has lost some', () => line.seen(tapped.ports[0]).length >= from + 300, CARRY_LIMIT_MS);
  } finally {
    await run('iptables', ['-w', '-D', ...rule]);
  }
  const [outcome] = await endOf(place, tapped);
  return {
    outcome,
    heardByOther: await tapped.call.callee.heard(),
    frames: framesOf(numbers[0], samplesOf(outcome.heard)),
  };
}

/** From the first to the last that the stream has. */
function framesOf(number: string, stream: Int16Array): Frames {
  const played = octetsOf(playedBy(number));
  const among = (samples: Int16Array, wanted: readonly number[]): Set<number> => {
    const octets = octetsOf(samples);
    const whole = (frame: number) => played.subarray(frame * FRAME * 2, (frame + 1) * FRAME * 2);
    return new Set(wanted.filter((frame) => octets.includes(whole(frame))));
  };
  const most = Math.ceil(stream.length / FRAME);
  const found = [...among(stream, range(0, most))];
  const all = range(Math.min(...found), Math.max(...found));
  return { all: new Set(all), in: (samples) => among(samples, all) };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function octetsOf(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** All phones send nothing for a fifth of a second, several times, and then all at once what they had to say. */
export async function stutteringPhones(
  place: LineLab,
  numbers: readonly [string, string],
): Promise<readonly [Outcome, Outcome]> {
  const tapped = await tappedCall(place, numbers);
  const farm = await farmPid(place);
  for (let stutter = 0; stutter < STUTTERS; stutter += 1) {
    process.kill(farm, 'SIGSTOP');
    try {
      await pause(STUTTER_MS);
    } finally {
      process.kill(farm, 'SIGCONT');
    }
    const enough = place.line.seen(tapped.ports[0]).length + 20;
    await until('time has passed', () => place.line.seen(tapped.ports[0]).length >= enough, CARRY_LIMIT_MS);
  }
  return endOf(place, tapped);
}

/** The port where the PBX gets what this extension's phone says. */
async function mediaPortOf({ lab, receiver }: LineLab, number: string): Promise<string> {
  const heard = [...receiver.heard.values()].find((one) => one.number === number);
  const channels = await lab.pbxAri.request<{ id: string; name: string }[]>('GET', 'channels');
  const id = channels.find(({ name }) => name === heard?.channelid)?.id ?? '';
  const query = { variable: 'CHANNEL(rtp,src)' };
  const { value } = await lab.pbxAri.request<{ value: string }>('GET', `channels/${id}/variable`, query);
  return value.split(':').at(-1) ?? '';
}

/** The process of the Asterisk that plays the phones, as its configuration's folder tells. */
async function farmPid({ lab }: LineLab): Promise<number> {
  for (const entry of await readdir('/proc')) {
    const command = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    if (/^(\S*\/)?asterisk\0/.test(command) && command.includes(`${lab.folder}/far-side/`)) return Number(entry);
  }
  throw new Error('the Asterisk of the phones is not to be found');
}
