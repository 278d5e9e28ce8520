/** The Debian package in a Debian: installed, run for a real call, upgraded, removed, purged. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mayInstall } from '../../lab/asterisk/apt.js';
import { freeTcpPort } from '../../lab/asterisk/free-ports.js';
import { extensionRange } from '../../lab/farm-conf.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { type LabFolder, makeLabFolder } from '../../lab/lab-folder.js';
import { DebianSystem } from './debian-system.js';
import { expectTonesInWavs, spokenCall } from './spoken-call.js';

const execute = promisify(execFile);
/** The first run on a machine makes two Debian trees. */
const START_LIMIT_MS = 400_000;
const TEST_LIMIT_MS = 90_000;
const CALLER = { number: '1100', hz: 439 };
const CALLEE = { number: '1101', hz: 1_063 };
const RATE = 8_000;
const SETTINGS = '/etc/ari-audio-stream/settings.json';
const AS_SERVICE =
  'setpriv --reuid=ari-audio-stream --regid=ari-audio-stream --clear-groups --no-new-privs --bounding-set=-all';
const STATE = '/var/lib/ari-audio-stream';
const HERE = {
  media: { listen: '127.0.0.1:0' },
  monitoring: { listen: '127.0.0.1:0' },
  web: { listen: '127.0.0.1:0' },
  stateDir: STATE,
};
const SECRET = { name: 'X-Stream-Secret', value: 'only=we-know' };
/** All files, but not those in which dpkg and useradd keep what they did. */
const LISTING =
  "find / -xdev -path /proc -prune -o -path /run -prune -o -path /tmp -prune -o -path /var/lib/dpkg -prune -o -path '/var/log/*' -prune -o -name '*-' -prune -o -print | sort";

// A developer's machine may have an Asterisk of its own and be no Debian, or its user not be root; CI has no such excuse.
const onDebian = process.env.CI || (await mayInstall()) ? describe : describe.skip;

let lab: Lab;
let debian: DebianSystem;
/** A folder of this machine. */
let folder: string;
let labFolder: LabFolder | undefined;
let before: Set<string>;

onDebian('the Debian package', () => {
  beforeAll(async () => {
    labFolder = await makeLabFolder();
    folder = labFolder.path;
    const built = execute(process.execPath, [
      'packaging/deb/build.mjs',
      '--out',
      folder,
      '--version',
      '1.0.0',
      '--compression',
      'gzip',
    ]);
    const starting = DebianSystem.start().then((system) => {
      debian = system;
    });
    const laboratory = startLab({ extensions: extensionRange(1100, 2, 'ulaw') }).then((started) => {
      lab = started;
    });
    // All are waited for, so that what has come up is there to be stopped when another one fails.
    for (const outcome of await Promise.allSettled([built, starting, laboratory])) {
      if (outcome.status === 'rejected') throw outcome.reason;
    }
    before = new Set((await succeeds(LISTING)).split('\n'));
    await debian.carryIn(join(folder, 'ari-audio-stream_1.0.0_all.deb'));
  }, START_LIMIT_MS);

  afterAll(async () => {
    await lab?.stop();
    await debian?.stop();
    labFolder?.remove();
  }, TEST_LIMIT_MS);

  async function succeeds(command: string): Promise<string> {
    const { code, text } = await debian.run(command);
    expect({ command, code, text: code === 0 ? '' : text }).toEqual({ command, code: 0, text: '' });
    return text.trim();
  }

  test(
    'the installation enables the service, keeps the settings to it, and says what to do',
    async () => {
      const said = await succeeds('dpkg --install /tmp/ari-audio-stream_1.0.0_all.deb');
      expect(said).toContain(`set asterisk.password in ${SETTINGS}`);
      expect(said).toContain('open http://127.0.0.1:8090');
      expect(await succeeds('ari-audio-stream --version')).toBe('1.0.0');
      expect(await succeeds(`stat -c '%a %U %G' ${SETTINGS} /etc/ari-audio-stream`)).toBe(
        '640 root ari-audio-stream\n750 root ari-audio-stream',
      );
      expect(await succeeds('systemctl is-enabled ari-audio-stream')).toBe('enabled');
      expect(await succeeds('dpkg --verify ari-audio-stream')).toBe('');
      expect(await succeeds('find /usr/lib/ari-audio-stream ! -user root -o -perm /022 ! -type l')).toBe('');
    },
    TEST_LIMIT_MS,
  );

  test(
    'the unit is one that systemd understands, and hardened',
    async () => {
      expect(await succeeds('systemd-analyze verify --man=no ari-audio-stream.service')).toBe('');
      const verdict = await succeeds(
        'systemd-analyze security --offline=true --no-pager /usr/lib/systemd/system/ari-audio-stream.service | tail -1',
      );
      const exposure = Number(/: ([\d.]+)/.exec(verdict)?.[1]);
      expect({ verdict, isLow: exposure > 0 && exposure < 2.5 }).toEqual({ verdict, isLow: true });
    },
    TEST_LIMIT_MS,
  );

  test(
    'nothing that the program needs of its dependencies was left out as needless',
    async () => {
      const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
      const imports = Object.keys(dependencies).map((name) => `await import('${name}');`);
      const script = `${imports.join('')} console.log('all are here')`;
      const node = `cd /usr/lib/ari-audio-stream && node --input-type=module -e "${script}"`;
      expect(await succeeds(node)).toBe('all are here');
    },
    TEST_LIMIT_MS,
  );

  test(
    'unconfigured, the service is not started, and says why',
    async () => {
      const { code, text } = await debian.run('/usr/lib/ari-audio-stream/configured');
      expect(code).toBe(1);
      expect(text).toContain(`asterisk.password in ${SETTINGS} is empty`);
      const started = await debian.run(`${AS_SERVICE} ari-audio-stream start --config ${SETTINGS}`);
      expect(started.code).toBe(2);
      expect(started.text).toContain('asterisk.password: is missing');
    },
    TEST_LIMIT_MS,
  );

  test(
    'with the password for ARI alone it starts, and the page takes the set-up code of the log',
    async () => {
      const { url, username, password } = lab.pbx.ari;
      await debian.write(SETTINGS, JSON.stringify({ asterisk: { url, username, password }, ...HERE }));
      await succeeds('/usr/lib/ari-audio-stream/configured');
      // As StateDirectory= of the unit does.
      await succeeds(`install -d -m 750 -o ari-audio-stream -g ari-audio-stream ${STATE}`);
      const addOn = debian.starts(`${AS_SERVICE} ari-audio-stream start --config ${SETTINGS}`);
      await addOn.says('setupCode=');
      const [, page = '', code] = /page=(\S+) setupCode=(\S+)/.exec(addOn.text) ?? [];
      const [, script = ''] = /<script type="module" src="([^"]+)"/.exec(await (await fetch(page)).text()) ?? [];
      expect((await fetch(new URL(script, page))).headers.get('content-type')).toMatch('text/javascript');
      const body = JSON.stringify({ code, name: 'olga', password: 'a pass phrase of some length' });
      const headers = { 'content-type': 'application/json' };
      expect((await fetch(new URL('api/v1/setup', page), { method: 'POST', headers, body })).status).toBe(200);
      expect(await succeeds(`stat -c '%a %U' ${STATE}/access.json`)).toBe('600 ari-audio-stream');
      expect(await addOn.stop()).toBe(0);
    },
    TEST_LIMIT_MS,
  );

  test(
    'as its own user it streams a call to the example receiver in Python',
    async () => {
      const port = await freeTcpPort();
      const { url, username, password } = lab.pbx.ari;
      const streaming = {
        serverAddress: `ws://127.0.0.1:${port}/`,
        secret: SECRET,
        sampleRate: RATE,
        subscriptions: { extensions: [CALLER.number] },
      };
      const settings = { asterisk: { url, username, password }, ...HERE, streaming };
      await debian.write(SETTINGS, JSON.stringify(settings));
      await succeeds('/usr/lib/ari-audio-stream/configured');

      const options = `--port ${port} --rate ${RATE} --out /tmp/received --secret ${SECRET.name}=${SECRET.value}`;
      const receiver = debian.starts(`python3 /usr/share/doc/ari-audio-stream/examples/receiver.py ${options}`);
      await receiver.says('listening');
      const stranger = await debian.run(`python3 -c "
from websockets.sync.client import connect
connect('ws://127.0.0.1:${port}/')"`);
      expect(stranger.text).toContain('HTTP 401');

      const addOn = debian.starts(`${AS_SERVICE} ari-audio-stream start --config ${SETTINGS}`);
      await addOn.says('connected to Asterisk');
      await spokenCall(lab, CALLER, CALLEE);
      await receiver.says('has gone', 2);
      await receiver.says('connection closed: 1000');
      expect(await addOn.stop()).toBe(0);
      expect(await receiver.stop()).toBe(0);
      expect(receiver.text).not.toContain('not of the protocol');
      await carryOut('/tmp/received', join(folder, 'received'));
      expectTonesInWavs(join(folder, 'received'), RATE, [CALLER, CALLEE]);
    },
    TEST_LIMIT_MS,
  );

  /** Copies a folder of the system to this machine. */
  async function carryOut(from: string, to: string): Promise<void> {
    mkdirSync(to);
    const names = (await succeeds(`ls ${from}`)).split('\n');
    for (const name of names) {
      writeFileSync(join(to, name), Buffer.from(await succeeds(`base64 ${from}/${name}`), 'base64'));
    }
  }

  test(
    'an upgrade keeps the settings',
    async () => {
      const changed = await succeeds(`cat ${SETTINGS}`);
      await nextVersion();
      await debian.carryIn(join(folder, 'next.deb'));
      await succeeds('dpkg --force-confold --install /tmp/next.deb');
      expect(await succeeds('ari-audio-stream --version')).toBe('1.1.0');
      expect(await succeeds(`cat ${SETTINGS}`)).toBe(changed);
      expect(await succeeds(`stat -c '%a %U %G' ${SETTINGS}`)).toBe('640 root ari-audio-stream');
      expect(await succeeds('systemctl is-enabled ari-audio-stream')).toBe('enabled');
    },
    TEST_LIMIT_MS,
  );

  /** A package of the next version, whose settings file is another one too. */
  async function nextVersion(): Promise<void> {
    const root = join(folder, 'next');
    await execute('dpkg-deb', ['--raw-extract', join(folder, 'ari-audio-stream_1.0.0_all.deb'), root]);
    for (const [path, from, to] of [
      ['DEBIAN/control', 'Version: 1.0.0', 'Version: 1.1.0'],
      ['usr/lib/ari-audio-stream/package.json', '"version": "1.0.0"', '"version": "1.1.0"'],
      [SETTINGS.slice(1), '127.0.0.1:8090', '127.0.0.1:8091'],
    ] as const) {
      const text = readFileSync(join(root, path), 'utf8');
      expect(text).toContain(from);
      writeFileSync(join(root, path), text.replace(from, to));
    }
    await execute('dpkg-deb', ['--build', '--root-owner-group', '-Znone', root, join(folder, 'next.deb')]);
  }

  test(
    'a removal keeps the settings, a purge leaves nothing',
    async () => {
      expect(await succeeds(`ls ${STATE}`)).toContain('access.json');
      await succeeds('dpkg --remove ari-audio-stream');
      expect((await debian.run('command -v ari-audio-stream')).code).not.toBe(0);
      expect(await succeeds(`ls /etc/ari-audio-stream`)).toContain('settings.json');
      await succeeds('dpkg --purge ari-audio-stream');
      expect((await succeeds(LISTING)).split('\n').filter((path) => !before.has(path))).toEqual([]);
      expect(await succeeds('grep -c ari-audio-stream /etc/passwd /etc/group; true')).toBe(
        '/etc/passwd:0\n/etc/group:0',
      );
    },
    TEST_LIMIT_MS,
  );
});
