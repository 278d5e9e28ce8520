/** Finds an Asterisk for the lab: the machine's own if it is good enough, else one in a Debian tree made for it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Confinement } from './confined.js';
import { ASTERISK_TREE, debianTree } from './debian-tree.js';
import { tryRun } from './run.js';

export interface AsteriskInstallation {
  /** As `asterisk -V` tells it, e.g. `22.10.1`. */
  readonly version: string;
  /** The folder to chroot into; undefined for an Asterisk of the machine's own. */
  readonly tree: string | undefined;
  readonly confinement: Confinement;
}

/** externalMedia and CHANNEL(audioreadformat) as the add-on uses them are there from this version on. */
const OLDEST_MAJOR = 18;
const NEEDED_MODULES = [
  'res_ari.so',
  'res_ari_channels.so',
  'res_stasis_snoop.so',
  'chan_pjsip.so',
  'chan_rtp.so',
  'codec_resample.so',
];
/** Where builds and distributions keep Asterisk's modules. */
const MODULE_FOLDERS = [
  '/usr/lib/asterisk/modules',
  '/usr/lib64/asterisk/modules',
  '/usr/local/lib/asterisk/modules',
  '/usr/lib/x86_64-linux-gnu/asterisk/modules',
  '/usr/lib/aarch64-linux-gnu/asterisk/modules',
];

/**
 * Gives an Asterisk that can run the lab, installing what is missing when it may.
 * Throws LabUnavailable, with one sentence for a person, where there can be none.
 */
export async function provisionAsterisk(progress: (line: string) => void): Promise<AsteriskInstallation> {
  const own = await versionOf('asterisk', []);
  if (own !== undefined && Number.parseInt(own, 10) >= OLDEST_MAJOR && hasModules()) {
    return { version: own, tree: undefined, confinement: await possibleConfinement() };
  }
  const tree = await debianTree(ASTERISK_TREE, progress);
  const version = (await versionOf('chroot', [tree, 'asterisk'])) ?? 'unknown';
  return { version, tree, confinement: 'namespaces' };
}

async function versionOf(program: string, args: readonly string[]): Promise<string | undefined> {
  const text = await tryRun(program, [...args, '-V']);
  return text?.match(/\d+(\.\d+)*/)?.[0];
}

/** True also when the modules are nowhere where we look: a start will tell. */
function hasModules(): boolean {
  const folder = MODULE_FOLDERS.find((path) => existsSync(path));
  return folder === undefined || NEEDED_MODULES.every((name) => existsSync(join(folder, name)));
}

/** Without root there are no namespaces; the guard alone then ends Asterisk with us. */
async function possibleConfinement(): Promise<Confinement> {
  const works = await tryRun('unshare', ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'true']);
  return works === undefined ? 'none' : 'namespaces';
}
