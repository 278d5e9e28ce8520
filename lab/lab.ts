/** A whole telephone world on one machine: a PBX with asterisk-conf/, its phones and its provider, all on loopback. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AriHttp } from './ari-http.js';
import { freeUdpPort } from './asterisk/free-ports.js';
import { type AsteriskInstance, startAsterisk } from './asterisk/instance.js';
import type { Configuration, ConfOverrides } from './asterisk/instance-files.js';
import { type AsteriskInstallation, provisionAsterisk } from './asterisk/provision.js';
import { Farm } from './farm.js';
import { type Extension, farmPhones, pbxExtensions, SHIPPED_EXTENSIONS } from './farm-conf.js';
import { makeLabFolder } from './lab-folder.js';
import { writeMusic } from './music.js';
import { Phones } from './phones.js';
import { projectRoot } from './project-root.js';
import { joined, SCENARIO_EXTENSIONS, SCENARIO_OVERRIDES, scenarioAdditions } from './scenario-conf.js';
import { Teardown } from './teardown.js';
import { Trunk } from './trunk.js';
import { until } from './until.js';

export interface LabOptions {
  /** Told what is being prepared, one line at a time. */
  readonly progress?: (line: string) => void;
  /** Extensions beside the shipped 1001 to 1010; the dialplan reaches 1XXX. */
  readonly extensions?: readonly Extension[];
  /** Values to change in the PBX's files. */
  readonly pbxOverrides?: ConfOverrides;
  /** Text to add to the PBX's files. */
  readonly pbxAdditions?: Readonly<Record<string, string>>;
  /** The PBX's modules.conf, instead of the shipped one. */
  readonly pbxModules?: string;
  /** Adds the dialplan, queues, extensions and second trunk of lab/scenario-conf. False by default. */
  readonly scenarios?: boolean;
  /** Whether SIGINT and SIGTERM stop the lab and then this process. True by default. */
  readonly endsOnSignals?: boolean;
}

export interface Lab {
  readonly installation: AsteriskInstallation;
  readonly pbx: AsteriskInstance;
  /** Plain requests to the PBX's ARI, to see what is there. */
  readonly pbxAri: AriHttp;
  readonly phones: Phones;
  readonly trunk: Trunk;
  /** A second provider, behind trunk-b; for labs with `scenarios`. */
  readonly trunkB: Trunk;
  /** What went wrong in the farm while nobody waited for it. Empty in a good run. */
  readonly problems: readonly unknown[];
  /** A folder for files of a run, such as sounds; it is gone after `stop`. */
  readonly folder: string;
  /** Starts the PBX again after it was killed, and waits until the phones are registered anew. */
  restartPbx(): Promise<void>;
  /** Has all phones register anew, and waits until they have: for a PBX that has restarted by itself. */
  phonesRegister(): Promise<void>;
  /** Ends everything and removes the folder. The second call does nothing. */
  stop(): Promise<void>;
}

/** The providers' addresses. */
const TRUNK_HOST = '127.0.0.2';
const TRUNK_B_HOST = '127.0.0.3';
/** Host and port of each. */
interface TrunkAddresses {
  readonly a: string;
  readonly b: string;
}

const SHARED_FILES = ['add-on/ari.conf', 'add-on/http.conf', 'lab/logger.conf', 'lab/rtp.conf'];
const REGISTRATION_LIMIT_MS = 20_000;

/** Brings the world up. Throws LabUnavailable, with one sentence, where there can be none. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const teardown = new Teardown();
  try {
    return await bringUp(options, teardown);
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

async function bringUp(options: LabOptions, teardown: Teardown): Promise<Lab> {
  const { progress = () => {}, extensions: added = [], scenarios = false, endsOnSignals = true } = options;
  const installation = await provisionAsterisk(progress);
  if (endsOnSignals) teardown.runOnSignals();
  const folder = await makeLabFolder();
  teardown.add(folder.remove);

  const beside = [...added, ...(scenarios ? SCENARIO_EXTENSIONS : [])];
  const extensions = [...SHIPPED_EXTENSIONS, ...beside];
  const trunks = {
    a: `${TRUNK_HOST}:${await freeUdpPort(TRUNK_HOST)}`,
    b: `${TRUNK_B_HOST}:${await freeUdpPort(TRUNK_B_HOST)}`,
  };
  progress(`Starting Asterisk ${installation.version} as PBX …`);
  const music = await writeMusic(folder.path);
  const pbx = await startAsterisk({
    installation,
    name: 'pbx',
    runDir: join(folder.path, 'pbx'),
    configuration: await pbxConfiguration(trunks, beside, music, options),
  });
  teardown.add(pbx.stop);
  progress(`Starting a second one as ${extensions.length} phones and a provider …`);
  const farSide = await startFarSide(installation, join(folder.path, 'far-side'), trunks, extensions, pbx);
  teardown.add(farSide.stop);

  const farm = new Farm(farSide, `127.0.0.1:${pbx.sipPort}`);
  await farm.connect();
  teardown.add(() => farm.disconnect());
  const pbxAri = new AriHttp(pbx.ari);
  const phonesRegister = async (): Promise<void> => {
    await farSide.cli('pjsip send register *all');
    await registered(pbxAri, extensions);
  };
  await registered(pbxAri, extensions);
  return {
    installation,
    pbx,
    pbxAri,
    phones: new Phones(farm),
    trunk: new Trunk(farm, 'trunk'),
    trunkB: new Trunk(farm, 'trunk-b'),
    problems: farm.problems,
    folder: folder.path,
    restartPbx: async () => {
      await pbx.restart();
      await phonesRegister();
    },
    phonesRegister,
    stop: () => teardown.run(),
  };
}

async function pbxConfiguration(
  trunks: TrunkAddresses,
  extensions: readonly Extension[],
  music: string,
  { scenarios = false, pbxOverrides = {}, pbxAdditions = {}, pbxModules }: LabOptions,
): Promise<Configuration> {
  const own: ConfOverrides = {
    'pjsip_wizard.conf': { 'trunk-a': { remote_hosts: trunks.a } },
    'musiconhold.conf': { default: { directory: music } },
  };
  const ofScenarios = scenarios ? await scenarioAdditions(trunks.b) : {};
  const ofExtensions = { 'pjsip_wizard.conf': pbxExtensions(extensions) };
  const root = join(projectRoot(), 'asterisk-conf');
  const files = [...(await filesOf(join(root, 'add-on'))), ...(await filesOf(join(root, 'lab')))];
  const ownModules = pbxModules === undefined ? {} : { 'modules.conf': pbxModules };
  return {
    files: files.filter((path) => !(basename(path) in ownModules)),
    overrides: [own, ...(scenarios ? [SCENARIO_OVERRIDES] : []), pbxOverrides],
    additions: joined(joined(joined(ownModules, ofScenarios), ofExtensions), pbxAdditions),
  };
}

async function startFarSide(
  installation: AsteriskInstallation,
  runDir: string,
  trunks: TrunkAddresses,
  extensions: readonly Extension[],
  pbx: AsteriskInstance,
): Promise<AsteriskInstance> {
  const root = projectRoot();
  return startAsterisk({
    installation,
    name: 'far side',
    runDir,
    configuration: {
      files: [
        ...SHARED_FILES.map((name) => join(root, 'asterisk-conf', name)),
        ...(await filesOf(join(root, 'lab', 'phones-conf'))),
      ],
      overrides: [
        {
          'pjsip.conf': {
            'transport-trunk': { bind: trunks.a },
            'transport-trunk-b': { bind: trunks.b },
            'pbx-address': { contact: `sip:127.0.0.1:${pbx.sipPort}` },
          },
        },
      ],
      additions: { 'pjsip.conf': farmPhones(extensions, `127.0.0.1:${pbx.sipPort}`) },
    },
  });
}

async function filesOf(folder: string): Promise<string[]> {
  return (await readdir(folder)).map((name) => join(folder, name));
}

async function registered(pbxAri: AriHttp, extensions: readonly Extension[]): Promise<void> {
  const wanted = extensions.map(({ number }) => number);
  await until(
    'every phone is registered',
    async () => {
      const endpoints = await pbxAri.request<{ resource: string; state: string }[]>('GET', 'endpoints/PJSIP');
      const online = new Set(endpoints.filter(({ state }) => state === 'online').map(({ resource }) => resource));
      return wanted.every((number) => online.has(number));
    },
    REGISTRATION_LIMIT_MS,
  );
}
