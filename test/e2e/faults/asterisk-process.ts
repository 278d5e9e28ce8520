/** The process of a lab's Asterisk, to be stopped and let run on by signals. */
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AsteriskInstance } from '../../../lab/asterisk/instance.js';

/** Its pid: the one asterisk whose arguments name this instance's folder. */
export async function processOf({ name, runDir }: AsteriskInstance): Promise<number> {
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const commandLine = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    const [program = '', ...args] = commandLine.split('\0');
    if (basename(program) === 'asterisk' && args.some((arg) => arg.startsWith(runDir))) return Number(entry);
  }
  throw new Error(`no asterisk runs as ${name}`);
}
