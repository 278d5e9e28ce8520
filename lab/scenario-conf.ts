/** The PBX of the lab's scenarios: what lab/scenario-conf adds to the shipped files, and the extensions that it needs. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConfOverrides } from './asterisk/instance-files.js';
import type { Extension } from './farm-conf.js';
import { projectRoot } from './project-root.js';

/** Text to add, by file name. */
export type PbxAdditions = Readonly<Record<string, string>>;

/** Extensions of the part that is written as FreePBX writes it. */
const FREEPBX_EXTENSIONS: readonly Extension[] = ['1201', '1202', '1203', '1204'].map((number) => ({
  number,
  password: `lab-${number}`,
  context: 'from-internal',
}));

/** One extension with a phone on the desk and another one at home. */
const TWO_PHONES: Extension = { number: '1210', password: 'lab-1210', phones: ['1210a', '1210b'] };

export const SCENARIO_EXTENSIONS: readonly Extension[] = [...FREEPBX_EXTENSIONS, TWO_PHONES];

/**
 * All extensions may pick up one another's calls. All parties share one codec: where an attended transfer joins a phone of ulaw
 * with one of slin16, Asterisk 22.10 often stops sending to one of them, with or without us.
 */
export const SCENARIO_OVERRIDES: ConfOverrides = {
  'pjsip_wizard.conf': {
    trunk: { 'endpoint/allow': 'ulaw' },
    extension: { 'endpoint/allow': 'ulaw', 'endpoint/call_group': '1', 'endpoint/pickup_group': '1' },
  },
};

/** What stands for the second provider in lab/scenario-conf; an address of RFC 5737. */
const TRUNK_B_PLACEHOLDER = '203.0.113.11';

/** `trunkB` is the second provider's host and port. */
export async function scenarioAdditions(trunkB: string): Promise<PbxAdditions> {
  const folder = join(projectRoot(), 'lab', 'scenario-conf');
  const names = await readdir(folder);
  const entries = names.map(async (name) => {
    const text = await readFile(join(folder, name), 'utf8');
    return [name, text.replace(TRUNK_B_PLACEHOLDER, trunkB)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Both texts of each file, in this order. */
export function joined(first: PbxAdditions, second: PbxAdditions): PbxAdditions {
  const names = new Set([...Object.keys(first), ...Object.keys(second)]);
  return Object.fromEntries([...names].map((name) => [name, `${first[name] ?? ''}\n${second[name] ?? ''}`]));
}
