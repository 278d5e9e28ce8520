/** A newcomer's way: started without a server address, which is saved later and outlives the program. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../lab/lab.js';
import { until } from '../../lab/until.js';
import { type SavedVersions, withVersion } from '../../src/core/settings/saved-versions.js';
import { writeSavedSettings } from '../../src/io/settings/saved-settings.js';
import { AddOn } from './add-on.js';
import { nothingLeft } from './leftovers.js';
import { ListeningReceiver } from './listening-receiver.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 60_000;

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn;
beforeAll(async () => {
  lab = await startLab();
  receiver = await new ListeningReceiver({ sampleRate: 8000 }).start();
}, START_LIMIT_MS);
afterAll(async () => {
  await addOn?.stop();
  await receiver?.stop();
  await lab?.stop();
}, TEST_LIMIT_MS);

async function heard(count: number): Promise<void> {
  await until(`${count} streams flow`, () => {
    const flowing = [...receiver.heard.values()].filter(({ fragments }) => fragments.length > 5);
    return flowing.length === count;
  });
}

test(
  'no address is a warning while the page is on; once saved, calls that are up are streamed, and after a restart too',
  async () => {
    const stateDir = join(lab.folder, 'state-of-a-newcomer');
    const changes = { stateDir, web: { listen: '127.0.0.1:0' }, streaming: { serverAddress: '' } };
    addOn = await AddOn.start(lab, undefined, changes);
    await addOn.says('connected to Asterisk');
    expect(await addOn.says('streaming.serverAddress')).toMatchObject({
      level: 'warn',
      message: expect.stringContaining('put it right on the page'),
    });
    lab.phones.answers('1002', { afterMs: 100 });
    const call = await lab.phones.call({ from: '1001', to: '1002' });
    const ids = async () => (await lab.pbxAri.request<{ id: string }[]>('GET', 'channels')).map(({ id }) => id);
    await until('the call is up', async () => (await ids()).length === 2);

    const saved = { at: '2026-11-22T12:00:00.000Z', by: 'anna' };
    const versions: SavedVersions = withVersion(
      [],
      { 'streaming.serverAddress': receiver.address, 'streaming.sampleRate': 8000 },
      saved,
    );
    await writeSavedSettings(stateDir, versions);
    await addOn.change({});
    await heard(2);
    expect(await addOn.says('overrides the settings file')).toMatchObject({
      keys: expect.arrayContaining(['streaming.sampleRate']),
    });
    await call.hangUp();
    await receiver.ended(['1001', '1002']);
    expect(await addOn.stop()).toBe(0);

    addOn = await AddOn.start(lab, undefined, changes);
    await addOn.says('connected to Asterisk');
    lab.phones.answers('1002', { afterMs: 100 });
    const another = await lab.phones.call({ from: '1001', to: '1002' });
    await heard(4);
    await another.hangUp();
    await nothingLeft(lab);
    expect(receiver.faults).toEqual([]);
  },
  TEST_LIMIT_MS,
);
