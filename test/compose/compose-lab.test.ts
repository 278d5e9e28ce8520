/** `docker compose up` from a fresh clone: real images, real containers, and what a newcomer looks for in them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ComposeProject, composeProject } from '../../lab/docker/compose-project.js';
import { samplesOf } from '../../lab/sounds.js';
import { until } from '../../lab/until.js';
import { wholenessOf } from '../../lab/wholeness.js';
import { parseWav } from '../../src/core/audio/wav.js';
import { decibels } from '../tones.js';
import { askPage } from './published-page.js';

const START_LIMIT_MS = 15 * 60_000;
const TEST_LIMIT_MS = 120_000;
const SERVICES = ['asterisk', 'bridge', 'receiver', 'tidy', 'phones'];
/** Of the streams, which is also what the phones' voices were made with. */
const SAMPLE_RATE = 8000;
/** What is said in the last moment may be on its way when the phone hangs up; the last fragment is filled up with silence. */
const END_MARGIN_MS = 400;
const MISSING_AT_MOST = 0.03;
/** They are behind the menu and the queue, where the caller has been talking for a while before they answer. */
const NOT_AT_ONCE = ['1001', '1003', '1004'];

interface CallRecord {
  readonly callid: string;
  readonly participants: readonly {
    number: string;
    channelid: string;
    seconds: number;
    wav: string;
    complete: boolean;
  }[];
}

let project: ComposeProject;

beforeAll(async () => {
  project = await composeProject({ SEED: '1', CALL_SECONDS: '8-12', SAMPLE_RATE: String(SAMPLE_RATE) }, progress);
  progress('Building the images …');
  await project.compose('build');
  progress('Starting them …');
  await project.compose('up', '--detach');
}, START_LIMIT_MS);

afterAll(() => project?.close(), TEST_LIMIT_MS);

test(
  'every container of the lab becomes healthy',
  async () => {
    for (const service of SERVICES) {
      await until(`${service} is well`, async () => ['healthy', 'running'].includes(await stateOf(service)), 60_000);
    }
  },
  TEST_LIMIT_MS,
);

test(
  'an internal call and one by the trunk lie in WAVs: of both parties, under their numbers, whole',
  async () => {
    // A machine that is too busy spoils a call now and then; the phones talk on, and the next one will do.
    const faults = new Map<string, readonly string[]>();
    const goodOne = (candidates: readonly CallRecord[]): CallRecord | undefined =>
      candidates.find(({ callid }) => faults.get(callid)?.length === 0);
    await until(
      'a good call of each kind is recorded',
      async () => {
        const ended = (await calls()).filter(isTwoPartyCall);
        for (const call of ended) if (!faults.has(call.callid)) faults.set(call.callid, await faultsOf(call));
        return goodOne(ended.filter(isByTrunk)) && goodOne(ended.filter((call) => !isByTrunk(call)));
      },
      TEST_LIMIT_MS - 10_000,
    ).catch((error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify([...faults])}`);
    });
  },
  TEST_LIMIT_MS,
);

test(
  'the metrics show life',
  async () => {
    const fetchMetrics = "fetch('http://bridge:9464/metrics').then((answer) => answer.text()).then(console.log)";
    const text = String(await project.inside('receiver', 'node', '-e', fetchMetrics));
    const metric = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    expect(metric('ari_audio_stream_participants_total')).toBeGreaterThanOrEqual(4);
    expect(metric('ari_audio_stream_fragments_sent_total')).toBeGreaterThan(100);
    expect(metric('ari_audio_stream_taps_failed_total')).toBe(0);
  },
  TEST_LIMIT_MS,
);

test(
  'no container has more rights than an ordinary user, and none can write to its own root',
  async () => {
    for (const service of SERVICES) {
      const { HostConfig, Config } = await inspected(service);
      expect({ service, ...rightsOf(HostConfig), user: Config.User }).toEqual({
        service,
        privileged: false,
        added: 0,
        dropped: ['ALL'],
        readOnly: true,
        security: ['no-new-privileges:true'],
        user: '1000:1000',
      });
      const status = String(await project.inside(service, 'cat', '/proc/1/status'));
      const lineOf = (name: string): string | undefined => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1];
      expect(
        ['CapEff', 'CapPrm', 'CapBnd', 'CapInh'].map((name) => Number.parseInt(lineOf(name) ?? 'none', 16)),
      ).toEqual([0, 0, 0, 0]);
      expect({ uid: lineOf('Uid'), noNewPrivs: lineOf('NoNewPrivs') }).toEqual({
        uid: '1000\t1000\t1000\t1000',
        noNewPrivs: '1',
      });
      await expect(project.inside(service, 'sh', '-c', 'echo >/usr/written')).rejects.toThrow('Read-only file system');
    }
  },
  TEST_LIMIT_MS,
);

test(
  'the settings page is at its published port, takes the set-up code of the log, and remembers in a new container',
  async () => {
    expect(await askPage(project, 'GET', '/')).toMatchObject({ status: 200 });
    expect(await askPage(project, 'GET', '/api/v1/session')).toMatchObject({
      status: 200,
      json: { state: 'setup-needed' },
    });
    const [, code] = /setupCode=([\w-]+)/.exec(await project.compose('logs', '--no-color', 'bridge')) ?? [];
    const { name, password } = { name: 'olga', password: 'a pass phrase of some length' };
    const { status, cookie } = await askPage(project, 'POST', '/api/v1/setup', { body: { code, name, password } });
    expect(status).toBe(200);
    // Only what the test itself has given by a variable cannot be changed on the page.
    const { json } = await askPage(project, 'GET', '/api/v1/settings', { cookie });
    expect(Object.keys((json as { locked: object }).locked)).toEqual(['streaming.sampleRate']);

    const calls = async (session: string) =>
      (await askPage(project, 'GET', '/api/v1/calls', { cookie: session })).json as unknown[];
    // A call that is up meanwhile would come to the receiver in two parts.
    await project.compose('stop', 'phones');
    await until('no call is up', async () => (await calls(cookie)).length === 0, 30_000);
    await project.compose('up', '--detach', '--force-recreate', '--no-deps', 'bridge');
    await project.compose('up', '--detach');
    const again = await askPage(project, 'POST', '/api/v1/session', { body: { name, password } });
    expect(again.status).toBe(200);
    await until('the phones talk again', async () => (await calls(again.cookie)).length > 0, 60_000);
  },
  TEST_LIMIT_MS,
);

test(
  'the image of the bridge adds less than 250 MB to its base',
  async () => {
    const sizeOf = async (image: string): Promise<number> =>
      Number(await project.docker('image', 'inspect', '--format', '{{.Size}}', image));
    const layersOf = async (image: string): Promise<string[]> =>
      JSON.parse(await project.docker('image', 'inspect', '--format', '{{json .RootFS.Layers}}', image)) as string[];
    const bridge = `${project.name}/bridge`;
    const base = await until('the base of the bridge', async () => {
      const layers = await layersOf(bridge);
      for (const image of ['node:24-slim', 'ari-audio-stream-base/node:forky']) {
        const own = await layersOf(image).catch(() => ['none']);
        if (own.every((layer, index) => layers[index] === layer)) return image;
      }
      return undefined;
    });
    expect((await sizeOf(bridge)) - (await sizeOf(base))).toBeLessThan(250e6);
  },
  TEST_LIMIT_MS,
);

test(
  'a stop ends everything in order, and after down -v nothing is left',
  async () => {
    await project.compose('stop');
    for (const service of SERVICES) {
      expect({ service, code: (await inspected(service)).State.ExitCode }).toEqual({ service, code: 0 });
    }
    expect(await project.compose('logs', '--no-color', 'receiver')).toMatch(/received: .*problems: none/);

    await project.compose('down', '--volumes');
    const label = `label=com.docker.compose.project=${project.name}`;
    for (const kind of ['container', 'network', 'volume']) {
      const all = kind === 'container' ? ['--all'] : [];
      expect({ kind, left: await project.docker(kind, 'ls', ...all, '--quiet', '--filter', label) }).toEqual({
        kind,
        left: '',
      });
    }
  },
  TEST_LIMIT_MS,
);

function isTwoPartyCall({ participants }: CallRecord): boolean {
  return (
    participants.length === 2 &&
    participants.every(({ number }) => !NOT_AT_ONCE.includes(number)) &&
    participants.every(({ complete, seconds }) => complete && seconds > 5)
  );
}

function isByTrunk({ participants }: CallRecord): boolean {
  return participants.some(({ channelid }) => channelid.startsWith('PJSIP/trunk-a-'));
}

/** Each party's recording is what its phone has played, as loud as telephones have speech, and nothing of the other's. */
async function faultsOf({ participants }: CallRecord): Promise<string[]> {
  const faults: string[] = [];
  for (const { number, wav, seconds } of participants) {
    const samples = await recordingOf(wav);
    const whole = wholenessOf(await voiceOf(number), samples, SAMPLE_RATE);
    if (whole === undefined) faults.push(`${number} is not heard`);
    else if (whole.missingMs > MISSING_AT_MOST * whole.playedMs) faults.push(`${number} lacks ${whole.missingMs} ms`);
    else if (whole.playedMs < seconds * 1000 - 4000 - END_MARGIN_MS)
      faults.push(`${number} ends at ${whole.playedMs} ms`);
    const level = decibels(rms(samples));
    if (level < -30 || level > -12) faults.push(`${number} sounds at ${level} dBFS`);
  }
  const [one, other] = participants;
  if (one && other && wholenessOf(await voiceOf(other.number), await recordingOf(one.wav), SAMPLE_RATE) !== undefined) {
    faults.push(`${other.number} is heard in the recording of ${one.number}`);
  }
  return faults;
}

async function calls(): Promise<CallRecord[]> {
  return JSON.parse(String(await project.inside('receiver', 'cat', '/received/calls.json'))) as CallRecord[];
}

async function recordingOf(wav: string): Promise<Int16Array> {
  const read = parseWav(await project.inside('receiver', 'cat', `/received/${wav}`));
  if (typeof read === 'string') throw new Error(`${wav}: ${read}`);
  expect(read.sampleRate).toBe(SAMPLE_RATE);
  return read.samples.subarray(0, -(END_MARGIN_MS * SAMPLE_RATE) / 1000);
}

/** What the phone of that number plays, from its own container. */
async function voiceOf(number: string): Promise<Int16Array> {
  return samplesOf(await project.inside('phones', 'cat', `/voices/voice-${number}.sln`));
}

interface Inspected {
  readonly State: { readonly Status: string; readonly ExitCode: number; readonly Health?: { readonly Status: string } };
  readonly Config: { readonly User: string };
  readonly HostConfig: {
    readonly Privileged: boolean;
    readonly CapAdd: readonly string[] | null;
    readonly CapDrop: readonly string[];
    readonly ReadonlyRootfs: boolean;
    readonly SecurityOpt: readonly string[];
  };
}

async function inspected(service: string): Promise<Inspected> {
  // Of stopped ones, too: compose names them so.
  const filter = `label=com.docker.compose.service=${service}`;
  const ours = `label=com.docker.compose.project=${project.name}`;
  const id = (await project.docker('container', 'ls', '--all', '--quiet', '--filter', filter, '--filter', ours)).trim();
  const [facts] = JSON.parse(await project.docker('container', 'inspect', id)) as Inspected[];
  if (facts === undefined) throw new Error(`No container of ${service}`);
  return facts;
}

function rightsOf({ Privileged, CapAdd, CapDrop, ReadonlyRootfs, SecurityOpt }: Inspected['HostConfig']): object {
  return {
    privileged: Privileged,
    added: CapAdd?.length ?? 0,
    dropped: CapDrop,
    readOnly: ReadonlyRootfs,
    security: SecurityOpt,
  };
}

async function stateOf(service: string): Promise<string> {
  const { State } = await inspected(service);
  return State.Health?.Status ?? State.Status;
}

function rms(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}
