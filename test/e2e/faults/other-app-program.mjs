/**
 * A second ARI application, as others write them: with the stock package ari-client. It takes calls into Stasis, and
 *
 *     pair,NUMBER      calls that extension, bridges both, and records a snoop of the caller
 *     announce         plays a sound
 *
 * Each event that it is sent, and whatever goes wrong, becomes a line of JSON. SIGTERM ends it.
 *
 *     node other-app-program.mjs ARI_URL USER PASSWORD APPLICATION SOUND
 */
import ari from 'ari-client';

const [url, user, password, app, sound] = process.argv.slice(2);
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const fail = (what) => (error) => tell({ error: `${what}: ${error?.message ?? error}` });

process.on('uncaughtException', fail('uncaught'));
process.on('unhandledRejection', fail('unhandled'));

const client = await ari.connect(url, user, password);
const emit = client.emit.bind(client);
// Also what the package itself says, such as that its WebSocket has gone.
client.emit = (type, event, ...rest) => {
  if (event?.type === type) tell({ event: kindOf(event), ids: idsIn(event), args: event.args });
  else if (/^WebSocket(Reconnecting|MaxRetries)$|Error$/.test(type)) tell({ error: type });
  return emit(type, event, ...rest);
};

let calls = 0;

client.on('StasisStart', ({ args: [role, detail] }, channel) => {
  const begin = { pair, announce, snoop: record }[role];
  begin?.(channel, detail).catch(fail(role));
});

async function pair(caller, number) {
  calls += 1;
  const own = (piece) => `other-${piece}-${calls}`;
  await caller.answer();
  const bridge = await client.bridges.createWithId({ bridgeId: own('bridge'), type: 'mixing' });
  const callee = client.Channel(own('callee'));
  callee.once('StasisStart', async () => {
    await bridge.addChannel({ channel: [caller.id, callee.id] });
    const snoop = { channelId: caller.id, snoopId: own('snoop'), spy: 'in', app, appArgs: 'snoop' };
    await client.channels.snoopChannelWithId(snoop);
  });
  // What belongs to the caller goes with it, and in this order.
  caller.once('StasisEnd', async () => {
    await callee.hangup().catch(fail('hang up'));
    await bridge.destroy().catch(fail('destroy'));
  });
  await callee.originate({ endpoint: `PJSIP/${number}`, app, appArgs: 'callee' });
}

async function announce(channel) {
  await channel.answer();
  await channel.play({ media: `sound:${sound}` }, client.Playback(`${channel.id}-sound`));
}

async function record(snoop) {
  await snoop.record({ name: snoop.id, format: 'sln16', ifExists: 'overwrite' });
}

/** The kind of an event, and what tells it from others of its kind. */
function kindOf({ type, variable, dialstatus }) {
  return [type, variable, dialstatus].filter((part) => part !== undefined && part !== '').join(' ');
}

function idsIn({ channel, bridge, playback, recording, replace_channel: replaced, peer, application, ...rest }) {
  const ofRecording = recording && [recording.name, recording.target_uri?.split(':')[1]];
  const ofPlayback = playback && [playback.target_uri?.split(':')[1]];
  const known = [channel?.id, bridge?.id, replaced?.id, peer?.id, ...(ofRecording ?? []), ...(ofPlayback ?? [])];
  const ids = known.filter((id) => id !== undefined);
  return ids.length > 0 ? ids : [`${Object.keys(rest)}`];
}

process.once('SIGTERM', () => {
  client.stop();
  process.exit(0);
});

await client.start(app);
await client.applications.subscribe({ applicationName: app, eventSource: 'endpoint:PJSIP/1107' });
tell({ ready: true });
