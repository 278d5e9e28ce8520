/** What one Asterisk reads and where it writes: its own folders, and its configuration with the lab's values in it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { setInConf } from './conf-file.js';

/** file name, section, key, value. */
export type ConfOverrides = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

export interface Configuration {
  /** Files that are copied. */
  readonly files: readonly string[];
  /** Values to set in those copies, in sections that exist there; later ones win. */
  readonly overrides: readonly ConfOverrides[];
  /** Text to put at the end of a file, or a whole file of its own. */
  readonly additions: Readonly<Record<string, string>>;
}

/** Under an instance's folder. */
export const FOLDERS = { etc: 'etc', log: 'log', recordings: 'spool/recording' } as const;

const MAIN_FILE = 'asterisk.conf';

/** Makes the folders and files of an instance under `runDir`, and gives the path of its asterisk.conf. */
export async function writeInstanceFiles(runDir: string, configuration: Configuration): Promise<string> {
  for (const folder of [...Object.values(FOLDERS), 'run', 'db', 'spool/monitor', 'spool/tmp']) {
    await mkdir(join(runDir, folder), { recursive: true });
  }
  const texts = await configured(configuration);
  for (const [name, text] of texts) await writeFile(join(runDir, FOLDERS.etc, name), text);
  // Name lookups are kept to these: without a name server in reach, Asterisk would wait for one at every call.
  await writeFile(join(runDir, 'hosts'), `127.0.0.1 localhost ${hostname()} A.ROOT-SERVERS.NET\n`);
  await writeFile(join(runDir, 'nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files\n');

  const main = join(runDir, FOLDERS.etc, MAIN_FILE);
  await writeFile(main, mainConf(runDir));
  return main;
}

async function configured({ files, overrides, additions }: Configuration): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const path of files) texts.set(basename(path), await readFile(path, 'utf8'));
  for (const [file, section, key, value] of overrides.flatMap(settingsOf)) {
    texts.set(file, setInConf(texts.get(file) ?? '', section, key, value));
  }
  for (const [file, text] of Object.entries(additions)) texts.set(file, `${texts.get(file) ?? ''}\n${text}`);
  return texts;
}

function settingsOf(overrides: ConfOverrides): [file: string, section: string, key: string, value: string][] {
  return Object.entries(overrides).flatMap(([file, sections]) =>
    Object.entries(sections).flatMap(([section, values]) =>
      Object.entries(values).map(([key, value]): [string, string, string, string] => [file, section, key, value]),
    ),
  );
}

/** Only the folders that are this instance's own; where modules and sounds are, each build of Asterisk knows itself. */
function mainConf(runDir: string): string {
  const folders = { astetcdir: 'etc', astrundir: 'run', astlogdir: 'log', astdbdir: 'db', astspooldir: 'spool' };
  const lines = Object.entries(folders).map(([key, folder]) => `${key} => ${join(runDir, folder)}`);
  return `[directories]\n${lines.join('\n')}\n\n[options]\nnocolor = yes\n`;
}
