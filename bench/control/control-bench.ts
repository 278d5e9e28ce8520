/**
 * Whether work beside the audio holds the audio up: the whole program streams calls that stand, and meanwhile many calls are
 * set up at once, its page is opened and watches, settings are saved. Each fragment's delay tells of any stall on its way.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../lab/until.js';
import { API } from '../../src/io/web/contract/endpoints.js';
import type { SavedSettings } from '../../src/io/web/contract/settings.js';
import { PortalClient } from '../../test/portal-client.js';
import { pathNamed } from '../media/path.js';
import type { SenderOptions, SentPackets } from '../media/senders-words.js';
import type { ReceivedFragments, SinkOptions } from '../media/sinks-words.js';
import { Child } from '../process/child.js';
import type { Progress } from '../progress.js';
import type { Spread } from '../statistics.js';
import { BenchAddOn, mediaProgram } from '../system/add-on.js';
import { stampedDelays } from './stamped-delays.js';
import { StandingAsterisk } from './standing-asterisk.js';

export interface ControlBenchOptions {
  /** Calls that stand all the time, and whose audio is watched. */
  readonly standingCalls: number;
  /** Calls that are set up at once. */
  readonly newCalls: number;
  /** The program's `media.workers`. */
  readonly workers: number;
  /** Of each phase. */
  readonly seconds: number;
  readonly rounds: number;
  /** Before the first phase: the compiler of JavaScript has its work, too. */
  readonly warmUpSeconds: number;
}

export interface ControlPhase {
  readonly name: string;
  /** Without any work: what it shows is the machine's own. */
  readonly isQuiet: boolean;
  /** Of the fragments of the calls that stand, ms: the round in which the longest was the shortest. */
  readonly delayMs: Spread;
  /** The longest in each round. */
  readonly longestMs: readonly number[];
  /** How late the program's event loop was at most, in each round, ms. */
  readonly loopMs: readonly number[];
}

export interface ControlResult {
  readonly standingCalls: number;
  readonly newCalls: number;
  readonly phases: readonly ControlPhase[];
  readonly isValid: boolean;
  readonly invalid: readonly string[];
}

interface Stage {
  readonly signal: AbortSignal;
  readonly options: ControlBenchOptions;
  readonly asterisk: StandingAsterisk;
  readonly addOn: BenchAddOn;
  readonly sender: Child;
}

interface PhaseTimes {
  readonly name: string;
  readonly isQuiet: boolean;
  readonly from: number;
  readonly to: number;
  readonly loopMs: number;
}

interface Round {
  readonly phases: readonly (PhaseTimes & { readonly delayMs: Spread })[];
  readonly invalid: string | undefined;
}

const PATH = pathNamed('8-8');
const JOIN_LIMIT_MS = 60_000;
const PASSWORD = 'correct horse battery';
const PHASES = 5;
const SAVES = 5;
/** Room for the fragments of a run, beyond its phases. */
const SPARE_SECONDS = 60;
const FRAGMENTS_PER_SECOND = 12.5;

export async function controlBench(options: ControlBenchOptions, progress: Progress): Promise<ControlResult> {
  const rounds: Round[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    progress.signal.throwIfAborted();
    progress.say(`control work: round ${round} of ${options.rounds} …`);
    rounds.push(await oneRound(options, progress.signal));
  }
  return controlResult(options, rounds);
}

async function oneRound(options: ControlBenchOptions, signal: AbortSignal): Promise<Round> {
  const participants = 2 * (options.standingCalls + options.newCalls);
  const folder = await mkdtemp(join(tmpdir(), 'ari-audio-stream-bench-'));
  const sink = new Child({ name: 'receiver', args: [mediaProgram('sink-main')] });
  const sender = new Child({ name: 'sender', args: [mediaProgram('sender-main')] });
  let asterisk: StandingAsterisk | undefined;
  let addOn: BenchAddOn | undefined;
  try {
    const seconds = PHASES * options.seconds + SPARE_SECONDS;
    const capacity = Math.ceil(FRAGMENTS_PER_SECOND * seconds);
    const port = await sink.ask<number>('open', { participants, capacity, isStamped: true } satisfies SinkOptions);
    const senderOptions: SenderOptions = { path: PATH.name, participants, seconds, isStamped: true };
    const ports = await sender.ask<number[]>('open', senderOptions);
    asterisk = await new StandingAsterisk(2 * options.standingCalls, ports).start();
    addOn = await BenchAddOn.start({
      ari: { url: asterisk.url, username: 'bench', password: 'bench' },
      folder,
      url: `ws://127.0.0.1:${port}/`,
      settings: { web: { listen: '127.0.0.1:0' }, media: { format: 'slin', workers: options.workers } },
    });
    const times = await phasesOf({ signal, options, asterisk, addOn, sender });
    const sent = await sender.ask<SentPackets>('end');
    const received = await sink.ask<ReceivedFragments>('fragments');
    const watched = 2 * options.standingCalls;
    const phases = times.map((phase) => ({ ...phase, delayMs: stampedDelays(sent, received, watched, phase) }));
    return { phases, invalid: sent.invalid };
  } finally {
    await addOn?.stop();
    await asterisk?.stop();
    await Promise.all([sender.stop('SIGKILL'), sink.stop('SIGKILL')]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function phasesOf(stage: Stage): Promise<PhaseTimes[]> {
  const { signal, options, asterisk, addOn, sender } = stage;
  const standing = 2 * options.standingCalls;
  await until('the calls that stand are tapped', () => asterisk.joined === standing, JOIN_LIMIT_MS);
  await sender.ask('begin', { destinations: asterisk.destinations(0, standing), from: 0 });
  const client = await signedIn(addOn);
  await addOn.child.ask('watchLoop');
  await pause(options.warmUpSeconds * 1000, undefined, { signal });
  await sender.ask('judge');
  return [
    await phase(stage, `nothing else, ${standing} participants`),
    await phase(stage, `${options.newCalls} calls set up at once`, () => newCalls(stage)),
    await phase(stage, 'page opened, live view', () => watchLive(client)),
    await phase(stage, `settings saved ${SAVES} times`, () => saveSettings(client)),
    await phase(stage, `nothing else, ${standing + 2 * options.newCalls} participants`),
  ];
}

/** Does the work at the phase's beginning and looks on until its end; the work may give what ends it. */
async function phase(
  { signal, addOn, options }: Stage,
  name: string,
  work?: () => Promise<(() => void) | undefined>,
): Promise<PhaseTimes> {
  const { atMs: from } = await addOn.look();
  const endsAt = performance.now() + options.seconds * 1000;
  const end = await work?.();
  await pause(Math.max(0, endsAt - performance.now()), undefined, { signal });
  const { atMs: to, loopDelay } = await addOn.look();
  end?.();
  return { name, isQuiet: work === undefined, from, to, loopMs: loopDelay.max };
}

async function newCalls({ options, asterisk, sender }: Stage): Promise<undefined> {
  const [from, to] = [2 * options.standingCalls, 2 * (options.standingCalls + options.newCalls)];
  asterisk.add(2 * options.newCalls);
  await until('the new calls are tapped', () => asterisk.joined === to, JOIN_LIMIT_MS);
  await sender.ask('begin', { destinations: asterisk.destinations(from, to), from });
}

async function signedIn(addOn: BenchAddOn): Promise<PortalClient> {
  const { page } = await addOn.says('the settings page is open');
  const { setupCode } = await addOn.logs('a set-up code', (line) => line.setupCode !== undefined);
  const client = new PortalClient(String(page));
  const body = { code: setupCode, name: 'admin', password: PASSWORD };
  const { status, text } = client.keep(await client.ask('POST', API.setup, { body }));
  if (status >= 300) throw new Error(`The page's first account could not be made: ${status} ${text}`);
  return client;
}

async function watchLive(client: PortalClient): Promise<() => void> {
  for (const path of ['/', API.settings, API.runningCalls, API.recentCalls, API.health]) {
    await client.ask('GET', path);
  }
  const { status, socket } = await client.upgrade(API.live);
  if (socket === undefined) throw new Error(`The live view did not open: ${status}`);
  return () => socket.terminate();
}

async function saveSettings(client: PortalClient): Promise<undefined> {
  for (let save = 1; save <= SAVES; save++) {
    const present: SavedSettings = (await client.ask('GET', API.settings)).json;
    const { revision, basis, streaming } = present;
    const { secretIsSet: _, ...form } = streaming;
    const body = { revision, basis, streaming: { ...form, bufferSeconds: form.bufferSeconds + save } };
    const { status, text } = await client.ask('PUT', API.settings, { body });
    if (status !== 200) throw new Error(`Settings could not be saved: ${status} ${text}`);
  }
}

export function controlResult(
  { standingCalls, newCalls }: Pick<ControlBenchOptions, 'standingCalls' | 'newCalls'>,
  rounds: readonly Round[],
): ControlResult {
  const invalid = rounds.flatMap((round) => round.invalid ?? []);
  const good = rounds.filter((round) => round.invalid === undefined);
  const used = good.length > 0 ? good : rounds;
  const phases = (used[0]?.phases ?? []).map(({ name, isQuiet }, index) => {
    const ofRounds = used.flatMap((round) => round.phases[index] ?? []);
    const [calmest] = ofRounds.toSorted((one, other) => one.delayMs.max - other.delayMs.max);
    if (calmest === undefined) throw new Error('unreachable');
    const { delayMs } = calmest;
    return {
      name,
      isQuiet,
      delayMs,
      longestMs: ofRounds.map((phaseOfRound) => phaseOfRound.delayMs.max),
      loopMs: ofRounds.map(({ loopMs }) => loopMs),
    };
  });
  return { standingCalls, newCalls, phases, isValid: good.length > 0, invalid };
}
