/** Calls of the lab that stand for as long as a benchmark needs them: two phones each, both speaking all the time. */
import { extensionRange } from '../../lab/farm-conf.js';
import type { Lab } from '../../lab/lab.js';
import type { Leg } from '../../lab/leg.js';
import { noise, writeSound } from '../../lab/sounds.js';
import { until } from '../../lab/until.js';

const FIRST_NUMBER = 1100;
const PHONE_RATE = 8_000;
const SOUND_SECONDS = 60;
/** Noise of full swing is louder than any speech; a quarter of it is loud enough. */
const VOLUME_SHIFT = 2;
const UP_LIMIT_MS = 60_000;
/** So many calls are begun at once, so that the phones' Asterisk is not what fails. */
const AT_ONCE = 5;

/** Dialled before the number: the call is then joined without the keys for transfers, so that Asterisk need not look at its audio. */
const PLAIN = '7';

/** What the PBX's dialplan needs for that. */
export const PLAIN_DIALPLAN: Readonly<Record<string, string>> = {
  'extensions.conf': `[internal](+)\nexten => _${PLAIN}1XXX,1,Dial(PJSIP/\${EXTEN:${PLAIN.length}},60)\n`,
};

export function phonesFor(calls: number) {
  return extensionRange(FIRST_NUMBER, 2 * calls, 'ulaw');
}

/** Places them; resolves when all are up. */
export async function placeCalls(lab: Lab, calls: number): Promise<Leg[]> {
  const plays = await speech(lab);
  const legs: Leg[] = [];
  for (let first = 0; first < calls; first += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, calls - first) }, (_, index) => first + index);
    legs.push(...(await Promise.all(batch.map((call) => place(lab, call, plays)))));
  }
  await until('all calls stand', async () => (await phoneChannels(lab)).length === 2 * calls, UP_LIMIT_MS);
  return legs;
}

/** The ids of the PBX's channels to phones that are answered. */
export async function phoneChannels({ pbxAri }: Pick<Lab, 'pbxAri'>): Promise<string[]> {
  const channels = await pbxAri.request<{ id: string; name: string; state: string }[]>('GET', 'channels');
  return channels.filter(({ name, state }) => name.startsWith('PJSIP/') && state === 'Up').map(({ id }) => id);
}

/** Channels and bridges that are no phone's and no call's: what a tap has left. */
export async function tapPieces({ pbxAri }: Pick<Lab, 'pbxAri'>): Promise<number> {
  const channels = await pbxAri.request<{ name: string }[]>('GET', 'channels');
  return channels.filter(({ name }) => !name.startsWith('PJSIP/')).length;
}

async function place(lab: Lab, call: number, plays: string): Promise<Leg> {
  const [from, to] = [String(FIRST_NUMBER + 2 * call), String(FIRST_NUMBER + 2 * call + 1)];
  lab.phones.answers(to, { plays, repeats: true });
  return lab.phones.call({ from, to: `${PLAIN}${to}`, plays, repeats: true });
}

async function speech({ folder }: Lab): Promise<string> {
  const samples = noise(1, SOUND_SECONDS * PHONE_RATE).map((sample) => sample >> VOLUME_SHIFT);
  return writeSound(folder, 'bench-speech', PHONE_RATE, samples);
}
