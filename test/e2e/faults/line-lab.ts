/** A lab whose add-on is on another host, behind a line that mangles RTP as a test tells it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freeTcpPort } from '../../../lab/asterisk/free-ports.js';
import { type DistantHost, makeDistantHost } from '../../../lab/distant-host.js';
import type { Extension } from '../../../lab/farm-conf.js';
import { type Lab, startLab } from '../../../lab/lab.js';
import { makeLabFolder } from '../../../lab/lab-folder.js';
import { Teardown } from '../../../lab/teardown.js';
import { makeAuthority } from '../../certificates.js';
import { AddOn, type LogLine } from '../add-on.js';
import { type Heard, ListeningReceiver } from '../listening-receiver.js';
import { type NoiseCall, noiseCall, playedBy, RATE } from '../noise-call.js';
import { FaultyLine, type Seen, tapPortOf } from './faulty-line.js';

/** Where the add-on awaits RTP, on its host. */
export const RTP_PORT = 40_000;

export interface LineLab {
  readonly lab: Lab;
  readonly host: DistantHost;
  readonly line: FaultyLine;
  readonly receiver: ListeningReceiver;
  readonly addOn: AddOn;
  stop(): Promise<void>;
}

/** A call whose two parties are tapped, and the ports from which Asterisk sends what they say. */
export interface TappedCall {
  readonly call: NoiseCall;
  readonly numbers: readonly [string, string];
  readonly ports: readonly [number, number];
}

/** What came of one party's stream. */
export interface Outcome {
  readonly heard: Heard;
  readonly sent: readonly Seen[];
  /** The log's `figures of the participant`. */
  readonly figures: LogLine;
}

export async function startLineLab(extensions: readonly Extension[]): Promise<LineLab> {
  const teardown = new Teardown();
  try {
    return await build(extensions, teardown);
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

async function build(extensions: readonly Extension[], teardown: Teardown): Promise<LineLab> {
  const folder = await makeLabFolder();
  teardown.add(folder.remove);
  const line = new FaultyLine();
  const host = await makeDistantHost({ delayMs: 2, towardsFar: line.pass });
  teardown.add(() => host.remove());
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder.path, name), text);
    return join(folder.path, name);
  };
  const authority = makeAuthority('the authority of this PBX');
  const { key, cert } = authority.issue(host.near);
  const port = await freeTcpPort(host.near);
  const general = {
    tlsenable: 'yes',
    tlsbindaddr: `${host.near}:${port}`,
    tlscertfile: await file('cert.pem', cert),
    tlsprivatekey: await file('key.pem', key),
  };
  const asterisk = { url: `https://${host.near}:${port}`, ca: await file('ca.pem', authority.ca) };
  const lab = await startLab({ extensions, pbxOverrides: { 'http.conf': { general } } });
  teardown.add(() => lab.stop());
  const receiver = await new ListeningReceiver({ sampleRate: RATE, host: host.near }).start();
  teardown.add(() => receiver.stop());
  const media = { listen: `${host.far}:${RTP_PORT}` };
  const addOn = await AddOn.start(lab, receiver, { asterisk, media }, host.enter);
  teardown.add(async () => void (await addOn.stop()));
  await addOn.says('connected to Asterisk');
  // All noise is made before: while packets pass, this process has no time for it.
  for (const { number } of extensions) playedBy(number);
  return { lab, host, line, receiver, addOn, stop: () => teardown.run() };
}

/** Places a call, and waits until both of its streams flow. Each number may be in one call only. */
export async function tappedCall(place: LineLab, numbers: readonly [string, string]): Promise<TappedCall> {
  const { lab, receiver } = place;
  const call = await noiseCall(lab, receiver, ...numbers);
  return { call, numbers, ports: await portsOf(place, numbers) };
}

/** The ports from which Asterisk sends what these say, whose streams flow. */
export async function portsOf(
  { lab, receiver, addOn }: LineLab,
  numbers: readonly [string, string],
): Promise<readonly [number, number]> {
  const portOf = async (number: string): Promise<number> => {
    const heard = [...receiver.heard.values()].find((one) => one.number === number);
    return tapPortOf(lab, addOn, heard?.channelid ?? '');
  };
  return Promise.all([portOf(numbers[0]), portOf(numbers[1])]);
}

/** Hangs up, and gathers what came of both streams. */
export async function endOf(
  { line, receiver, addOn }: LineLab,
  { call, numbers, ports }: TappedCall,
): Promise<readonly [Outcome, Outcome]> {
  await call.caller.hangUp();
  const outcomeOf = async (number: string, port: number): Promise<Outcome> => {
    const [heard] = await receiver.ended([number]);
    if (heard === undefined) throw new Error(`nothing of ${number}`);
    const isIt = ({ message, channel }: LogLine) =>
      message === 'figures of the participant' && channel === heard.channelid;
    return { heard, sent: line.seen(port), figures: await addOn.logs(`the figures of ${heard.channelid}`, isIt) };
  };
  return Promise.all([outcomeOf(numbers[0], ports[0]), outcomeOf(numbers[1], ports[1])]);
}
