/**
 * One run of the lab: a PBX, its phones, the add-on and the receiver, and calls in which each party says something of its
 * own. At the end each recording is held against what was played.
 */
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SampleRate } from '../src/core/relay/protocol.js';
import { freeTcpPort } from './asterisk/free-ports.js';
import { extensionRange } from './farm-conf.js';
import { type Lab, startLab } from './lab.js';
import { type PartyResult, partyResults } from './lab-results.js';
import { runProduct } from './product.js';
import { until } from './until.js';
import { makeVoices, type Voice, type VoiceKind } from './voices.js';

export interface LabRunOptions {
  /** How long each call lasts; without it calls follow one another until the signal. */
  readonly seconds: number | undefined;
  /** Two-party calls at once. */
  readonly calls: number;
  readonly out: string;
  /** Hz of what the receiver gets. */
  readonly sampleRate: SampleRate;
  readonly voices: VoiceKind;
  readonly progress: (line: string) => void;
}

export interface LabRunResult {
  readonly parties: readonly PartyResult[];
  /** What went wrong beside the audio; empty in a good run. */
  readonly problems: readonly string[];
}

const RING_MS = 1000;
const ENDLESS_CALL_SECONDS = 30;
const PAUSE_BETWEEN_CALLS_MS = 2000;
const SHIPPED_PHONES = 10;
const SECRET = { name: 'X-Lab-Secret', value: 'lab' };
/** What the phones play; they use telephone codecs of 8000 Hz. */
const PHONE_RATE = 8000;
const PHONE_CODECS = 'ulaw,alaw,g722,opus,slin16';

export async function runLab(options: LabRunOptions, signal: AbortSignal): Promise<LabRunResult> {
  const { calls, out, progress } = options;
  mkdirSync(out, { recursive: true });
  const spare = extensionRange(1100, Math.max(0, 2 * calls - SHIPPED_PHONES), PHONE_CODECS);
  const lab = await startLab({ progress, extensions: spare, endsOnSignals: false });
  try {
    const pairs = pairsOf(calls);
    const seconds = options.seconds ?? ENDLESS_CALL_SECONDS;
    const voices = await makeVoices({
      kind: options.voices,
      numbers: pairs.flat(),
      // Nobody falls silent before the call's end.
      seconds: seconds + 2,
      sampleRate: PHONE_RATE,
      folder: lab.folder,
      progress,
    });
    return await stream(lab, pairs, voices, seconds, options, signal);
  } finally {
    await lab.stop();
  }
}

async function stream(
  lab: Lab,
  pairs: readonly (readonly [string, string])[],
  voices: ReadonlyMap<string, Voice>,
  seconds: number,
  options: LabRunOptions,
  signal: AbortSignal,
): Promise<LabRunResult> {
  const { out, sampleRate, progress } = options;
  const port = await freeTcpPort();
  const logFile = join(out, 'add-on.log');
  const secretArgument = `${SECRET.name}=${SECRET.value}`;
  const listen = `127.0.0.1:${port}`;
  const receiver = runProduct(
    ['receive', '--listen', listen, '--out', out, '--rate', String(sampleRate), '--secret', secretArgument],
    1,
  );
  const addOn = runProduct(
    ['start', '--config', await settingsFile(lab, `ws://${listen}/`, sampleRate)],
    openSync(logFile, 'w'),
  );
  const begun = new Date();
  try {
    await until('the add-on is connected to Asterisk', () =>
      readFileSync(logFile, 'utf8').includes('connected to Asterisk'),
    );
    progress(`Placing ${pairs.length} call${pairs.length === 1 ? '' : 's'}; WAVs go to ${out}/`);
    await Promise.all(pairs.map((pair) => converse(lab, pair, voices, seconds, options.seconds === undefined, signal)));
    await until('nothing of the add-on is left in Asterisk', async () => (await leftIn(lab)) === 0);
  } finally {
    addOn.terminate();
    await addOn.exited;
    receiver.terminate();
    await receiver.exited;
  }
  const problems = lab.problems.map(String);
  return {
    parties: partyResults({ out, begun, voices, sampleRate, voiceRate: PHONE_RATE, callSeconds: options.seconds ?? 0 }),
    problems,
  };
}

/** One pair's calls: one of the wanted length, or one after the other until the signal. */
async function converse(
  lab: Lab,
  [from, to]: readonly [string, string],
  voices: ReadonlyMap<string, Voice>,
  seconds: number,
  isEndless: boolean,
  signal: AbortSignal,
): Promise<void> {
  const plays = (number: string) => ({ plays: voices.get(number)?.file ?? '' });
  lab.phones.answers(to, { afterMs: RING_MS, ...plays(to) });
  do {
    const leg = await lab.phones.call({ from, to, ...plays(from) });
    await pause(seconds * 1000, undefined, { signal }).catch(() => {});
    await leg.hangUp();
    if (isEndless) await pause(PAUSE_BETWEEN_CALLS_MS, undefined, { signal }).catch(() => {});
  } while (isEndless && !signal.aborted);
}

async function leftIn(lab: Lab): Promise<number> {
  const channels = await lab.pbxAri.request<unknown[]>('GET', 'channels');
  return channels.length + (await lab.pbxAri.request<unknown[]>('GET', 'bridges')).length;
}

async function settingsFile(lab: Lab, serverAddress: string, sampleRate: SampleRate): Promise<string> {
  const { url, username, password } = lab.pbx.ari;
  const file = join(lab.folder, 'settings.json');
  const streaming = { serverAddress, secret: SECRET, sampleRate, subscriptions: { extensions: ['*'] } };
  await writeFile(
    file,
    JSON.stringify({
      asterisk: { url, username, password },
      media: { listen: '127.0.0.1:0' },
      monitoring: { listen: '127.0.0.1:0' },
      streaming,
    }),
  );
  return file;
}

/** 1001 calls 1002, 1003 calls 1004, and so on; beyond the ten shipped ones 1100 calls 1101. */
function pairsOf(calls: number): [string, string][] {
  const numberOf = (index: number) => String(index < SHIPPED_PHONES ? 1001 + index : 1100 + index - SHIPPED_PHONES);
  return Array.from({ length: calls }, (_, index) => [numberOf(2 * index), numberOf(2 * index + 1)]);
}
