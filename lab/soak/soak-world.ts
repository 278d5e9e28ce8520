/** Everything that a soak needs: a PBX, its phones and provider, the add-on on a line that can be cut, and a receiver. */
import { join } from 'node:path';
import type { SampleRate } from '../../src/core/relay/protocol.js';
import { FOLDERS } from '../asterisk/instance-files.js';
import { extensionRange } from '../farm-conf.js';
import { type Lab, startLab } from '../lab.js';
import { HEARD_RATE } from '../leg.js';
import { figuresOf, processWith } from '../linux-process.js';
import { noise, writeSound } from '../sounds.js';
import { Teardown } from '../teardown.js';
import { AddOnService } from './add-on-service.js';
import { FIRST_PHONE, partiesOf, QUEUE_AGENTS } from './call-kinds.js';
import { SOAK_DIALPLAN } from './conversations.js';
import { CountingReceiver } from './counting-receiver.js';
import { CuttableLine } from './cuttable-line.js';
import { LONGEST_TALK_MS, phonesFor } from './soak-plan.js';

export interface SoakWorld {
  readonly lab: Lab;
  readonly receiver: CountingReceiver;
  readonly line: CuttableLine;
  readonly service: AddOnService;
  /** The phones' numbers. */
  readonly phones: readonly string[];
  /** The sound file of a number's voice. */
  readonly voiceOf: (number: string) => string;
  /** The samples of a phone's voice, at HEARD_RATE. */
  readonly playedBy: (number: string) => Int16Array;
  /** Where the phones' recordings lie. */
  readonly recordings: string;
  /** The processes of both Asterisks. */
  readonly asterisks: () => readonly number[];
  /** Ends everything. The second call does nothing. */
  stop(): Promise<void>;
}

export interface SoakWorldOptions {
  /** Calls at once. */
  readonly calls: number;
  readonly progress: (line: string) => void;
  /** Told each line that a life of the add-on prints. */
  readonly onLine: (life: string, line: string) => void;
}

const SAMPLE_RATE: SampleRate = 16_000;
/** Beside the longest talk there is the consultation, the hold and whatever a busy machine needs. */
const VOICE_SECONDS = LONGEST_TALK_MS / 1000 + 15;
/** Others play what a telephone codec carries. */
const TELEPHONE_RATE = 8_000;

/** Throws LabUnavailable, with one sentence, where there can be none. */
export async function buildWorld({ calls, progress, onLine }: SoakWorldOptions): Promise<SoakWorld> {
  const teardown = new Teardown();
  try {
    const count = phonesFor(calls);
    const lab = await startLab({
      progress,
      extensions: extensionRange(FIRST_PHONE, count, 'slin16'),
      pbxAdditions: { 'extensions.conf': SOAK_DIALPLAN },
      endsOnSignals: false,
    });
    teardown.add(() => lab.stop());
    const phones = partiesOf('phone', count);
    progress(`Making ${phones.length} voices …`);
    const voices = await makeVoices(lab.folder, phones);

    const receiver = new CountingReceiver(SAMPLE_RATE, (number) => voices.has(number));
    await receiver.start();
    teardown.add(() => receiver.stop());
    const line = await CuttableLine.open(Number(new URL(lab.pbx.ari.url).port));
    teardown.add(() => line.close());
    const service = new AddOnService({
      folder: lab.folder,
      sampleRate: SAMPLE_RATE,
      secret: lab.pbx.ari.password,
      settingsOf: (life, extensions) => settingsOf(lab, line.url, receiver.addressFor(life), extensions),
      onLine,
    });
    teardown.add(() => service.destroy());
    const asterisks = [lab.pbx.runDir, join(lab.folder, 'far-side')].map(processFinder);
    return {
      lab,
      receiver,
      line,
      service,
      phones,
      voiceOf: (number) => join(lab.folder, `voice-${number}`),
      playedBy: (number) => voices.get(number) ?? new Int16Array(0),
      recordings: join(lab.folder, 'far-side', FOLDERS.recordings),
      asterisks: () => asterisks.flatMap((find) => find() ?? []),
      stop: () => teardown.run(),
    };
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

/** Noise for everybody; gives what the phones play, sample by sample. */
async function makeVoices(folder: string, phones: readonly string[]): Promise<ReadonlyMap<string, Int16Array>> {
  const voices = new Map<string, Int16Array>();
  for (const number of phones) {
    const voice = noise(Number(number), VOICE_SECONDS * HEARD_RATE);
    voices.set(number, voice);
    await writeSound(folder, `voice-${number}`, HEARD_RATE, voice);
  }
  for (const number of [...partiesOf('outsider', 0), ...QUEUE_AGENTS]) {
    const voice = noise(Number(number), VOICE_SECONDS * TELEPHONE_RATE);
    await writeSound(folder, `voice-${number}`, TELEPHONE_RATE, voice);
  }
  return voices;
}

/** The process of the Asterisk whose folder this is, which may be started anew. */
function processFinder(runDir: string): () => number | undefined {
  let pid: number | undefined;
  return () => {
    if (pid === undefined || figuresOf(pid) === undefined)
      pid = processWith('asterisk', join(runDir, FOLDERS.etc, 'asterisk.conf'));
    return pid;
  };
}

function settingsOf({ pbx, folder }: Lab, url: string, serverAddress: string, extensions: readonly string[] = ['*']) {
  const { username, password } = pbx.ari;
  return {
    asterisk: { url, username, password },
    media: { listen: '127.0.0.1:0' },
    monitoring: { listen: '127.0.0.1:0' },
    web: { listen: '127.0.0.1:0' },
    // The figures of each participant are said at this level only.
    log: { format: 'json', level: 'debug' },
    stateDir: join(folder, 'state'),
    streaming: {
      serverAddress,
      sampleRate: SAMPLE_RATE,
      subscriptions: { extensions, trunks: extensions.includes('*') ? ['*'] : [] },
    },
  };
}
