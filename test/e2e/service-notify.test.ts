/** What a service manager hears of the add-on over a real Unix datagram socket, while Asterisk is away. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { freeTcpPort } from '../../lab/asterisk/free-ports.js';
import { type LabFolder, makeLabFolder } from '../../lab/lab-folder.js';
import { until } from '../../lab/until.js';
import { notifyListener } from './notify-listener.js';
import { Printing } from './printing.js';

const LIMIT_MS = 60_000;
const WATCHDOG_MS = 600;
const AWAY = 'Trying to reach Asterisk. Nothing answers at the address of Asterisk';

let labFolder: LabFolder;
let folder: string;
let listener: Printing;
let addOn: Printing | undefined;

beforeAll(async () => {
  labFolder = await makeLabFolder();
  folder = labFolder.path;
});
afterEach(async () => {
  await addOn?.stop('SIGKILL');
  await listener.stop();
});
afterAll(() => labFolder?.remove());

let sockets = 0;

/** Starts the add-on as systemd would, with an Asterisk that is away. */
async function startsAsService(environment: NodeJS.ProcessEnv = {}): Promise<Printing> {
  sockets += 1;
  const socket = join(folder, `notify-${sockets}`);
  listener = await notifyListener(socket);
  const file = join(folder, 'settings.json');
  const asterisk = { url: `http://127.0.0.1:${await freeTcpPort()}`, password: 'x' };
  const [media, monitoring] = [{ listen: '127.0.0.1:0' }, { listen: 'off' }];
  writeFileSync(file, JSON.stringify({ asterisk, media, monitoring, streaming: { enable: false } }));
  addOn = new Printing(process.execPath, ['dist/src/main.js', 'start', '--config', file], {
    NOTIFY_SOCKET: socket,
    ...environment,
  });
  return addOn;
}

/** What was told, without what only keeps systemd-notify and its listener in step. */
function told(): string[] {
  return listener.text.split('\n').filter((line) => line.includes('=') && !line.startsWith('BARRIER='));
}

function watchdogs(): number {
  return told().filter((line) => line.includes('WATCHDOG=1')).length;
}

function childrenOf(pid: number | undefined): string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
}

async function untilGone(pids: readonly string[]): Promise<void> {
  const isGone = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/status`, 'utf8').includes('State:\tZ');
    } catch {
      return true;
    }
  };
  await until('the sender is gone', () => pids.every(isGone));
}

test(
  'ready although Asterisk is away, a reload, the end; and no process stays behind',
  async () => {
    const service = await startsAsService();
    await listener.says('READY=1');
    expect(told()[0]).toMatch(/^READY=1\|STATUS=/);
    expect(told()[0]).toContain(AWAY);
    const senders = childrenOf(service.process.pid);
    expect(senders).toHaveLength(1);

    service.process.kill('SIGHUP');
    await listener.says('READY=1', 2);
    expect(told().slice(1)).toEqual(['RELOADING=1|STATUS=Reading the settings again.', told()[0]]);

    expect(await service.stop()).toBe(0);
    await listener.says('STOPPING=1');
    expect(told().at(-1)).toBe('STOPPING=1|STATUS=Ending the streams.');
    expect(watchdogs()).toBe(0);
    await untilGone(senders);
  },
  LIMIT_MS,
);

test(
  'the watchdog is fed while the program runs, and not while it hangs; a killed one leaves no sender',
  async () => {
    const service = await startsAsService({ WATCHDOG_USEC: String(WATCHDOG_MS * 1_000) });
    await listener.says('WATCHDOG=1', 3);
    const { pid } = service.process;
    const senders = childrenOf(pid);

    service.process.kill('SIGSTOP');
    // What the sender had in hand still comes.
    await pause(WATCHDOG_MS);
    const before = watchdogs();
    await pause(3 * WATCHDOG_MS);
    expect(watchdogs()).toBe(before);

    service.process.kill('SIGCONT');
    await listener.says('WATCHDOG=1', before + 2);
    expect(await service.stop('SIGKILL')).toBe(null);
    await untilGone(senders);
  },
  LIMIT_MS,
);

test(
  'the watchdog of another process is left alone, and a killed sender is replaced',
  async () => {
    const service = await startsAsService({ WATCHDOG_USEC: String(WATCHDOG_MS * 1_000), WATCHDOG_PID: '1' });
    await listener.says('READY=1');
    const [sender] = childrenOf(service.process.pid);
    process.kill(Number(sender), 'SIGKILL');
    await until('the killed sender is gone', () => childrenOf(service.process.pid).length === 0);
    service.process.kill('SIGHUP');
    await listener.says('READY=1', 2);
    await pause(2 * WATCHDOG_MS);
    expect(watchdogs()).toBe(0);
  },
  LIMIT_MS,
);

test(
  'without systemd-notify it says so once and runs',
  async () => {
    const service = await startsAsService({ PATH: folder });
    // `sh` is not there either.
    await service.says('the service manager is told nothing');
    service.process.kill('SIGHUP');
    await service.says('the settings were read again');
    expect(service.text.split('told nothing')).toHaveLength(2);
    expect(await service.stop()).toBe(0);
  },
  LIMIT_MS,
);

test(
  'settings that are wrong are told by the exit code alone',
  async () => {
    const service = await startsAsService({ ARI_AUDIO_STREAM_LOG_LEVEL: 'loud' });
    expect(await service.exited).toBe(2);
    expect(told()).toEqual([]);
  },
  LIMIT_MS,
);
