/** Debian's package tool: installs what is missing, and knows where this machine gets its packages from. */
import { LabUnavailable } from '../unavailable.js';
import { run, tryRun } from './run.js';

/** Whether this process may install packages: apt is there, and we are root. */
export async function mayInstall(): Promise<boolean> {
  return process.getuid?.() === 0 && (await tryRun('apt-get', ['--version'])) !== undefined;
}

/** Installs the packages whose program is not there yet. `programs` maps a program to its package. */
export async function installMissing(
  programs: Readonly<Record<string, string>>,
  progress: (line: string) => void,
): Promise<void> {
  const missing: string[] = [];
  for (const [program, name] of Object.entries(programs)) {
    const found = await tryRun('sh', ['-c', 'command -v "$1"', 'sh', program]);
    if (found === undefined) missing.push(name);
  }
  if (missing.length === 0) return;

  const list = [...new Set(missing)];
  if (!(await mayInstall())) {
    throw new LabUnavailable(`The lab needs ${list.join(', ')}: install it, or run as root on Debian.`);
  }
  progress(`Installing ${list.join(', ')} …`);
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...list], quiet);
  try {
    // The lists of packages may be missing or too old: then once more with fresh ones.
    await install().catch(async () => {
      await run('apt-get', ['update', '-qq'], quiet);
      await install();
    });
  } catch (error) {
    throw new LabUnavailable(`apt-get could not install ${list.join(', ')}: ${lastLine(error)}`);
  }
}

/** The addresses that apt has for Debian's own archive on this machine, the likeliest first. */
export async function debianMirrors(): Promise<string[]> {
  // A fresh machine has no lists yet, and apt tells of no address without them.
  let mirrors = await listedMirrors();
  if (mirrors.length === 0) {
    await tryRun('apt-get', ['update', '-qq']);
    mirrors = await listedMirrors();
  }
  return mirrors;
}

async function listedMirrors(): Promise<string[]> {
  const format = '$(ORIGIN)|$(LABEL)|$(REPO_URI)';
  const targets = await tryRun('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const mirrors = (targets ?? '')
    .split('\n')
    .map((line) => line.split('|'))
    .filter(([origin, label]) => origin === 'Debian' && label === 'Debian')
    .map(([, , address = '']) => address.replace(/\/+$/, ''));
  return [...new Set(mirrors)];
}

/** apt's proxy settings in the form in which other programs of the download take them. */
export async function proxyEnvironment(): Promise<NodeJS.ProcessEnv> {
  const settings = await tryRun('apt-config', [
    'shell',
    'http',
    'Acquire::http::Proxy',
    'https',
    'Acquire::https::Proxy',
  ]);
  const environment: NodeJS.ProcessEnv = {};
  for (const [, scheme, proxy] of (settings ?? '').matchAll(/^(https?)='(.+)'$/gm)) {
    if (proxy !== 'DIRECT') environment[`${scheme}_proxy`] = proxy;
  }
  return environment;
}

function lastLine(error: unknown): string {
  return (
    String(error instanceof Error ? error.message : error)
      .trim()
      .split('\n')
      .at(-1) ?? ''
  );
}
