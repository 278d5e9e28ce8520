/** Several media planes do together what one does: also for those who come to a call of another plane. */
import { afterEach, expect, test } from '@jest/globals';
import { until } from '../../../lab/until.js';
import { MediaStage, streamingTo, streamsIn, textReceiver } from '../../../test/media-stage.js';

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

async function receiver(): Promise<{ url: string; texts: string[] }> {
  const { close, ...opened } = await textReceiver();
  toClose.push(close);
  return opened;
}

async function staged(url: string): Promise<MediaStage> {
  const stage = await MediaStage.open(url);
  toClose.push(() => stage.close());
  return stage;
}

test('calls are spread over the planes, those of one call together, and all figures are of both', async () => {
  const { url, texts } = await receiver();
  const stage = await staged(url);
  const ports = [await stage.arm(1, 'a'), await stage.arm(2, 'a'), await stage.arm(3, 'b'), await stage.arm(4, 'b')];
  const [one, other] = stage.media.sockets.map(({ port }) => port);
  expect(ports).toEqual([one, one, other, other]);
  for (const id of [1, 2, 3, 4]) {
    stage.open(id, id < 3 ? 'a' : 'b');
    await stage.speak(id, id);
  }
  for (const id of [1, 2, 3, 4]) stage.end(id);
  stage.over('a');
  stage.over('b');
  await stage.delivered(2);
  expect(await stage.media.ask({ kind: 'figures' })).toMatchObject({
    packets: { fragments: 10, lost: 0 },
    sent: { fragments: 10, messages: 14, dropped: 0, unconfirmed: 0, reconnects: 0 },
    connections: { open: 0 },
    rtp: { received: 40, strangers: 0 },
  });
  expect(Object.keys(streamsIn(texts)).sort()).toEqual(['a PJSIP/1 1', 'a PJSIP/2 2', 'b PJSIP/3 3', 'b PJSIP/4 4']);
  expect(stage.told('ended')).toHaveLength(4);
});

test('whoever comes to a call of the other plane goes on there with the next sample, and does as all others do', async () => {
  const { url, texts } = await receiver();
  const stage = await staged(url);
  const { media } = stage;
  for (const id of [1, 2]) await stage.arm(id, id === 1 ? 'a' : 'b');
  stage.open(1, 'a');
  stage.open(2, 'b');
  media.order({ kind: 'callflow', callid: 'a', callflow: 'queue' });
  await stage.speak(1, 1);
  await stage.speak(2, 2);

  media.order({ kind: 'move', participant: 2, callid: 'a' });
  stage.over('b');
  await stage.speak(2, 2);
  expect(stage.told('moved')).toEqual([{ kind: 'moved', participant: 2, callid: 'a', isPaused: false }]);
  media.order({ kind: 'callflow', callid: 'a', callflow: '' });
  await stage.speak(2, 1);
  media.order({ kind: 'pause-call', callid: 'a', isPaused: true });
  media.order({ kind: 'pause', participant: 2, isPaused: true });
  await stage.speak(2, 1);
  media.order({ kind: 'pause', participant: 2, isPaused: false });
  media.order({ kind: 'hear', participant: 2, isWanted: true });
  media.order({ kind: 'measure', isOn: true });
  await stage.speak(2, 1);
  const live = await media.ask({ kind: 'live' });
  expect(live.find(({ participant }) => participant === 2)).toMatchObject({ callid: 'a', reconnects: 0, fragments: 7 });
  expect(live.find(({ participant }) => participant === 2)?.level.samples).toBe(640);
  expect(stage.told('fragment').map(({ participant, pcm }) => [participant, pcm[0]])).toEqual([[2, 25]]);

  await until('the first call is done', () => stage.told('delivered').length === 1);
  stage.end(1);
  stage.end(2);
  stage.over('a');
  await stage.delivered(2);
  expect(streamsIn(texts)).toEqual({
    'a PJSIP/1 1': ['queue 1', 'end'],
    'b PJSIP/2 2': ['1', '5', 'end'],
    'a PJSIP/2 2': ['queue 9', 'queue 13', '17', '0', '25', 'end'],
  });
  expect(stage.told('delivered').map(({ callid, counts }) => [callid, counts.dropped + counts.unconfirmed])).toEqual([
    ['b', 0],
    ['a', 0],
  ]);
  const ended = stage
    .told('ended')
    .map(({ participant, callid, outcome }) => [participant, callid, outcome.stats.fragments]);
  expect(ended.sort()).toEqual([
    [1, 'a', 1],
    [2, 'a', 7],
  ]);
  expect(await media.ask({ kind: 'figures' })).toMatchObject({ packets: { fragments: 8 }, sent: { fragments: 8 } });
});

test('a call is not done before the last one of the other plane is, and who joins it paused is paused', async () => {
  const { url, texts } = await receiver();
  const stage = await staged(url);
  await stage.arm(1, 'a');
  await stage.arm(2, 'b');
  stage.open(1, 'a');
  stage.media.order({ kind: 'pause-call', callid: 'a', isPaused: true });
  await stage.speak(1, 1);
  stage.end(1);
  await until('the other has gone', () => stage.told('ended').length === 1);
  stage.open(2, 'a');
  await stage.speak(2, 2);
  stage.end(2);
  stage.over('a');
  expect(stage.told('delivered')).toEqual([]);
  await stage.delivered(1);
  expect(stage.news.map(({ kind }) => kind).slice(-2)).toEqual(['ended', 'delivered']);
  expect(streamsIn(texts)).toEqual({ 'a PJSIP/1 1': ['1', 'end'], 'a PJSIP/2 2': ['0', '0', 'end'] });
});

test('the pre-roll goes to the call of the other plane, at the rate with which that call began', async () => {
  const { url, texts } = await receiver();
  const stage = await staged(url);
  const { media } = stage;
  await stage.arm(1, 'a');
  await stage.arm(2, 'b');
  await stage.speak(2, 2);
  stage.open(1, 'a');
  media.order({ kind: 'settings', streaming: streamingTo(url, 16_000), isDebug: false });
  stage.open(2, 'a');
  await stage.arm(3, 'c');
  await stage.arm(4, 'd');
  stage.open(4, 'a');
  await stage.speak(4, 1);
  for (const id of [1, 2, 4]) stage.end(id);
  stage.over('a');
  await stage.delivered(1);
  expect(streamsIn(texts)).toEqual({ 'a PJSIP/2 2': ['1', '5', 'end'], 'a PJSIP/4 4': ['1', 'end'] });
});

test('what the receiver of a call has not confirmed is known of its guests, too, and given up on demand', async () => {
  const stage = await staged('ws://127.0.0.1:9/');
  const { media } = stage;
  await stage.arm(1, 'a');
  await stage.arm(2, 'b');
  stage.open(1, 'a');
  stage.open(2, 'a');
  await stage.speak(1, 1);
  await stage.speak(2, 3);
  const live = await media.ask({ kind: 'live' });
  expect(live.map(({ participant, waiting }) => [participant, waiting])).toEqual([
    [1, 1],
    [2, 3],
  ]);
  stage.end(1);
  stage.end(2);
  stage.over('a');
  await until('both have ended', () => stage.told('ended').length === 2);
  media.order({ kind: 'give-up' });
  await stage.delivered(1);
  expect(stage.told('delivered')[0]?.counts.dropped).toBe(4);
});

test('a call that comes back under its callid is another one, whose messages are not mixed with the last of the old one', async () => {
  const { url, texts } = await receiver();
  const stage = await staged(url);
  await stage.arm(1, 'a');
  await stage.arm(2, 'b');
  stage.open(2, 'a');
  await stage.speak(2, 1);
  stage.end(2);
  stage.over('a');
  // The old one's participant is on its way out yet.
  await stage.arm(3, 'b');
  stage.open(1, 'a');
  stage.open(3, 'a');
  await stage.speak(3, 1);
  await until('the old one is done', () => stage.told('delivered').length === 1);
  expect(streamsIn(texts)['a PJSIP/2 2']).toEqual(['1', 'end']);
  await stage.speak(3, 1);
  await stage.speak(1, 1);
  stage.end(1);
  stage.end(3);
  stage.over('a');
  await stage.delivered(2);
  expect(streamsIn(texts)['a PJSIP/3 3']).toEqual(['1', '5', 'end']);
  expect(stage.told('receiver-connected')).toHaveLength(2);
});

test('what has gone takes no place: the next calls go where there is room', async () => {
  const { url } = await receiver();
  const stage = await staged(url);
  const [one, other] = stage.media.sockets.map(({ port }) => port);
  const ports = [await stage.arm(1, 'a'), await stage.arm(2, 'b'), await stage.arm(3, 'a'), await stage.arm(4, 'c')];
  expect(ports).toEqual([one, other, one, other]);
  stage.end(1);
  stage.end(3);
  await until('two have gone', () => stage.told('ended').length === 2);
  expect([await stage.arm(5, 'd'), await stage.arm(6, 'e'), await stage.arm(7, 'c')]).toEqual([one, one, other]);
  stage.end(2);
  stage.end(5);
  stage.end(6);
  await until('three more have gone', () => stage.told('ended').length === 5);
  // A call of which nothing is left is a new one.
  expect(await stage.arm(8, 'b')).toBe(one);
});
