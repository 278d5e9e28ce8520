/** Brings the planned faults about, each on the real part, and mends it again. */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { setTimeout as pause } from 'node:timers/promises';
import { stopProcess } from '../asterisk/asterisk-process.js';
import type { Lab } from '../lab.js';
import { until } from '../until.js';
import type { AddOnLife } from './add-on-life.js';
import type { AddOnService } from './add-on-service.js';
import type { CountingReceiver } from './counting-receiver.js';
import type { CuttableLine } from './cuttable-line.js';
import type { FaultKind } from './fault-kinds.js';
import type { PlannedFault } from './soak-plan.js';

export interface FaultPlace {
  readonly lab: Pick<Lab, 'pbx' | 'restartPbx'>;
  readonly receiver: CountingReceiver;
  readonly service: AddOnService;
  readonly line: CuttableLine;
  /** Extensions of which a changed subscription names the first half. */
  readonly extensions: readonly string[];
  /** Mends at once what is broken now. */
  readonly signal: AbortSignal;
}

/** Going away, no status, server error, restart, try again later, and those that nobody has defined (RFC 6455, 7.4). */
const ODD_CODES = [1000, 1001, 1002, 1008, 1011, 1012, 1013, 3000, 4000, 4999] as const;
const MS_BETWEEN_STRANGERS = 5;
const DATAGRAMS_AT_ONCE = 25;
const RTP_OCTETS = 652;
const LONGEST_DATAGRAM = 1_500;
const RELINK_LIMIT_MS = 30_000;
const PORTAL_ANSWERS = [200, 401];

type Strike = (place: FaultPlace, fault: PlannedFault) => Promise<void>;

/** Resolves when it is mended. Throws when that can't be done, or when the add-on did not bear it as it must. */
export async function strike(place: FaultPlace, fault: PlannedFault): Promise<void> {
  await STRIKES[fault.kind](place, fault);
}

const STRIKES: Readonly<Record<FaultKind, Strike>> = {
  'receiver-killed': async (place, { forMs }) => {
    await place.receiver.stop();
    await wait(place, forMs);
    await place.receiver.start();
  },
  'receiver-stalls': async (place, { forMs }) => {
    place.receiver.stall(true);
    await wait(place, forMs);
    place.receiver.stall(false);
  },
  'receiver-resets': async ({ receiver }) => receiver.reset(),
  'receiver-answers-503': async (place, { forMs }) => {
    place.receiver.refuse(true);
    await wait(place, forMs);
    place.receiver.refuse(false);
  },
  'receiver-closes-oddly': async ({ receiver }, { chance }) =>
    receiver.close(ODD_CODES[Math.floor(chance * ODD_CODES.length)] ?? ODD_CODES[0]),
  'events-cut': async (place, { forMs }) => {
    place.line.cutEvents(true);
    await wait(place, forMs);
    place.line.cutEvents(false);
  },
  'asterisk-stopped': async (place, { forMs }) => {
    const goOn = stopProcess(place.lab.pbx);
    try {
      await wait(place, forMs);
    } finally {
      goOn();
    }
  },
  'asterisk-killed': async (place, { forMs }) => {
    const { life } = place.service;
    const links = life?.links ?? 0;
    await place.lab.pbx.kill();
    await wait(place, forMs);
    await place.lab.restartPbx();
    await linkedAnew(life, links);
  },
  'add-on-killed': async ({ service }, { forMs }) => service.replace('SIGKILL', forMs),
  'add-on-terminated': async ({ service }, { forMs }) => service.replace('SIGTERM', forMs),
  'add-on-stopped': async (place, { forMs }) => {
    const { life } = place.service;
    life?.signal('SIGSTOP');
    await wait(place, forMs);
    life?.signal('SIGCONT');
  },
  'settings-reloaded': async ({ service }) => service.reload('SIGHUP'),
  'settings-applied': async ({ service }) => service.reload('SIGUSR2'),
  'subscriptions-changed': async (place, { forMs }) => {
    await place.service.reload('SIGHUP', place.extensions.slice(0, place.extensions.length / 2));
    await wait(place, forMs);
    await place.service.reload('SIGHUP');
  },
  'strangers-send-rtp': async (place, { forMs }) => send(place, forMs, 1, strangersPacket),
  'random-bytes-sent': async (place, { forMs }) =>
    send(place, forMs, DATAGRAMS_AT_ONCE, () => randomBytes(Math.floor(Math.random() * LONGEST_DATAGRAM))),
  'page-and-metrics-read': async (place, { forMs }) => readAll(place, forMs),
};

/** A life that has begun meanwhile waits for its own link. */
async function linkedAnew(life: AddOnLife | undefined, links: number): Promise<void> {
  if (life === undefined) return;
  await until(
    `${life.name} is connected to Asterisk again`,
    () => life.links > links || life.hasEnded,
    RELINK_LIMIT_MS,
  );
}

async function send(place: FaultPlace, forMs: number, atOnce: number, datagram: () => Buffer): Promise<void> {
  const port = place.service.life?.rtpPort;
  if (port === undefined) return;
  const socket = createSocket('udp4');
  // A life may end meanwhile, and its port with it.
  socket.on('error', () => undefined);
  const end = performance.now() + forMs;
  while (performance.now() < end && !place.signal.aborted) {
    for (let n = 0; n < atOnce; n++) socket.send(datagram(), port, '127.0.0.1');
    await pause(MS_BETWEEN_STRANGERS);
  }
  socket.close();
}

/** Well-formed RTP of slin16 (RFC 3550, 5.1), from where no tap sends. */
function strangersPacket(): Buffer {
  const packet = randomBytes(RTP_OCTETS);
  packet.writeUInt16BE(0x80_76, 0);
  return packet;
}

/** Reads everything that may be read without a login, again and again. */
async function readAll({ service, signal }: FaultPlace, forMs: number): Promise<void> {
  const { life } = service;
  if (life?.monitoringUrl === undefined) return;
  const { monitoringUrl, pageUrl } = life;
  const pages = pageUrl === undefined ? [] : [pageUrl, `${pageUrl}api/calls`];
  const addresses = [...['metrics', 'healthz', 'readyz'].map((path) => `${monitoringUrl}/${path}`), ...pages];
  const end = performance.now() + forMs;
  while (performance.now() < end && !signal.aborted) {
    for (const address of addresses) {
      const status = await fetch(address).then(
        async (response) => response.arrayBuffer().then(() => response.status),
        () => undefined,
      );
      // Between two lives nobody answers, and while Asterisk is away it is not ready (503).
      if (status === undefined || life.hasEnded || address.endsWith('/readyz')) continue;
      if (status !== 429 && status !== 404 && !PORTAL_ANSWERS.includes(status)) {
        throw new Error(`${life.name} answered ${address} with status ${status}`);
      }
    }
    await pause(10);
  }
}

async function wait({ signal }: FaultPlace, ms: number): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
