/** Runs a program to its end and gives what it printed. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Standard output, as text. Throws when the program is missing or does not succeed. */
export async function run(program: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await execute(program, [...args], {
    env: { ...process.env, ...env },
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout;
}

/** The same, and undefined instead of an exception: for questions whose answer may be "there is none". */
export async function tryRun(program: string, args: readonly string[] = []): Promise<string | undefined> {
  return run(program, args).catch(() => undefined);
}
