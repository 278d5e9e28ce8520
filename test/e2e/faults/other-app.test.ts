/** A second ARI application, written with the stock ari-client, has its own calls beside us through all that happens to us. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { AddOn } from '../add-on.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { ListeningReceiver } from '../listening-receiver.js';
import { expectExactPiece, flows, NOISY_EXTENSIONS, noiseCall, RATE } from '../noise-call.js';
import { OTHER_APP_NUMBERS, OtherApp } from './other-app.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 120_000;
const OURS = ['1100', '1101'] as const;
/** Parties of the other application's calls; the add-on streams them, too. */
const THEIRS = ['1104', '1105', '1106'] as const;
const ALL = [...OURS, ...THEIRS];
const OUTAGE_MS = 1_000;
/** How often a snoop of ours begins or ends on each party: four starts of streaming, and their ends. */
const SNOOP_CHANGES = 8;

let lab: Lab;
let other: OtherApp;
let receiver: ListeningReceiver;
let addOn: AddOn;
const addOns: AddOn[] = [];

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS, pbxAdditions: { 'extensions.conf': OTHER_APP_NUMBERS } });
}, START_LIMIT_MS);
beforeEach(async () => {
  receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
  other = await OtherApp.start(lab);
});
afterEach(async () => {
  for (const started of addOns) {
    await started.stop();
    expect(started.output).not.toContain('"code":"UNEXPECTED"');
    expect(started.output).not.toContain(lab.pbx.ari.password);
  }
  await other.stop();
  await receiver.stop();
}, TEST_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

async function startAddOn(): Promise<void> {
  addOn = await AddOn.linked(lab, receiver);
  addOns.push(addOn);
}

/** All that can become of the add-on, one after the other, and after each the other application is looked at. */
const FAULTS: readonly (readonly [what: string, happens: () => Promise<unknown>])[] = [
  [
    'it starts and streams',
    async () => {
      await startAddOn();
      await flows(receiver, ALL);
    },
  ],
  ['it is killed', async () => addOn.stop('SIGKILL')],
  [
    'it starts again and removes what it left',
    async () => {
      await startAddOn();
      await addOn.says('removed what was left in Asterisk');
      await flows(receiver, ALL);
    },
  ],
  [
    'it lets go of all calls',
    async () => {
      await addOn.change({ streaming: { subscriptions: { extensions: ['1999'] } } }, 'SIGUSR2');
      await until('its taps are gone', async () => (await idsOfTaps()).length === 0);
    },
  ],
  [
    'it takes all calls again',
    async () => {
      // A call that was ended has its stream begun anew under the same label.
      receiver.heard.clear();
      await addOn.change({ streaming: { subscriptions: { extensions: ['*'] } } });
      await flows(receiver, ALL);
    },
  ],
  [
    'it loses its receiver',
    async () => {
      await receiver.stop();
      await pause(OUTAGE_MS);
      await receiver.start();
      await flows(receiver, ALL);
    },
  ],
  ['it ends in order', async () => expect(await addOn.stop('SIGTERM')).toBe(0)],
  [
    'it starts once more',
    async () => {
      receiver.heard.clear();
      await startAddOn();
      await flows(receiver, ALL);
    },
  ],
];

async function idsOfTaps(): Promise<string[]> {
  const channels = await lab.pbxAri.request<{ id: string }[]>('GET', 'channels');
  const bridges = await lab.pbxAri.request<{ id: string }[]>('GET', 'bridges');
  return [...channels, ...bridges].map(({ id }) => id).filter((id) => id.startsWith('aas~'));
}

test(
  'its calls, bridges, snoops, recordings, subscriptions and events are as without us, whatever becomes of us',
  async () => {
    await other.begin();
    const alone = await other.standing();
    await other.end();
    const undisturbed = other.events();
    const variables = other.bridgeVariables();

    await other.begin();
    const call = await noiseCall(lab, undefined, ...OURS);
    const standing = await other.standing();
    // Its ids have a number of their own in each call.
    expect(standing.application.channel_ids).toHaveLength(alone.application.channel_ids.length);
    expect(standing.application.endpoint_ids).toEqual(['PJSIP/1107']);
    for (const [what, happens] of FAULTS) {
      await happens();
      expect({ what, ...(await other.standing()) }).toEqual({ what, ...standing });
      expect({ what, isTalking: other.isTalking, errors: other.errors }).toEqual({ what, isTalking: true, errors: [] });
    }
    await call.caller.hangUp();
    await other.end();

    await other.expectUnharmed();
    await expectUnharmed(call);
    expect(other.events()).toEqual(undisturbed);
    // Two variables, on two channels, each time that a snoop of ours begins or ends on one of them.
    expect(other.bridgeVariables() - variables).toBeLessThanOrEqual(2 * 2 * 2 * SNOOP_CHANGES);
    expect(other.aboutTheAddOn()).toEqual([]);
    const streams = await receiver.ended([...OURS, '1104', '1105']);
    for (const stream of streams) expect(expectExactPiece(stream)).toBeGreaterThan(0);
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);
