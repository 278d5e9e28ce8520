/** `npm run lab`: prepares a fresh clone, then runs the lab with the same arguments. */
import { spawn } from 'node:child_process';
import { build, installPackages } from './prepare.mjs';

installPackages();
build();
const lab = spawn(process.execPath, ['dist/lab/main.js', ...process.argv.slice(2)], { stdio: 'inherit' });
// A terminal sends its signals to the lab as well, which ends in order; this one waits for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (!process.stdin.isTTY) lab.kill(signal);
  });
}
lab.on('exit', (code) => process.exit(code ?? 1));
