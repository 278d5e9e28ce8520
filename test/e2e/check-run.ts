/** `ari-audio-stream check` as an administrator runs it, and its JSON as a program reads it. */
import { spawn } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { setInConf } from '../../lab/asterisk/conf-file.js';
import { FOLDERS } from '../../lab/asterisk/instance-files.js';
import type { Lab } from '../../lab/lab.js';
import { merged, type SettingsPart } from './add-on.js';

export interface ShownFinding {
  readonly id: string;
  readonly area: string;
  readonly level: string;
  readonly what: string;
  readonly why: string | null;
  readonly lines: readonly { readonly where: string; readonly text: string }[];
}

export interface CheckOutcome {
  readonly exitCode: number | null;
  readonly findings: readonly ShownFinding[];
  /** All that was printed, on either output. */
  readonly output: string;
}

export interface CheckSurroundings {
  /** Permission bits of the settings file. */
  readonly mode?: number;
  /** A command that runs it elsewhere, such as nsenter(1). */
  readonly through?: readonly string[];
}

let runs = 0;

/** Settings with which all is well in a lab, but for the changes. */
export async function checkArguments(
  lab: Lab,
  receiver: string,
  changes: SettingsPart,
  mode = 0o600,
): Promise<string[]> {
  const { url, username, password } = lab.pbx.ari;
  const settings = {
    asterisk: { url, username, password },
    media: { listen: '127.0.0.1:0' },
    monitoring: { listen: '127.0.0.1:0' },
    stateDir: join(lab.folder, 'state'),
    streaming: { serverAddress: receiver, sampleRate: 8000, subscriptions: { extensions: ['*'] } },
  };
  runs += 1;
  const file = join(lab.folder, `check-${runs}.json`);
  await writeFile(file, JSON.stringify(merged(settings, changes)));
  await chmod(file, mode);
  return ['check', '--config', file];
}

/** Runs it to its end. */
export async function runCheck(
  lab: Lab,
  receiver: string,
  changes: SettingsPart = {},
  { mode, through = [] }: CheckSurroundings = {},
): Promise<CheckOutcome> {
  const args = await checkArguments(lab, receiver, changes, mode);
  const { exitCode, out, errors } = await runProgram([...args, '--json'], through);
  const output = out + errors;
  expect(output).not.toContain(lab.pbx.ari.password);
  const { exitCode: told, findings } = JSON.parse(out) as { exitCode: number; findings: ShownFinding[] };
  expect(told).toBe(exitCode);
  return { exitCode, findings, output };
}

export async function runProgram(
  args: readonly string[],
  through: readonly string[] = [],
): Promise<{ exitCode: number | null; out: string; errors: string }> {
  const [program = '', ...rest] = [...through, process.execPath, 'dist/src/main.js', ...args];
  const child = spawn(program, rest, { env: { ...process.env, NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exitCode, out, errors };
}

/** What is neither well nor a note. */
export function faultsIn({ findings }: CheckOutcome): ShownFinding[] {
  return findings.filter(({ level }) => level === 'warning' || level === 'error');
}

/** The lines of one finding, as `where: text`. */
export function linesOf({ findings }: CheckOutcome, id: string): string[] {
  return findings
    .filter((one) => one.id === id)
    .flatMap(({ lines }) => lines.map(({ where, text }) => `${where}: ${text}`));
}

/** Sets a value in one of the PBX's files, and has Asterisk read it. Returns what undoes that. */
export async function plant(
  lab: Lab,
  file: 'ari.conf' | 'http.conf',
  section: string,
  key: string,
  value: string,
): Promise<() => Promise<void>> {
  const path = join(lab.pbx.runDir, FOLDERS.etc, file);
  const before = await readFile(path, 'utf8');
  const reload = async (text: string): Promise<void> => {
    await writeFile(path, text);
    await lab.pbx.cli(file === 'ari.conf' ? 'module reload res_ari.so' : 'module reload http');
  };
  await reload(setInConf(before, section, key, value));
  return () => reload(before);
}
