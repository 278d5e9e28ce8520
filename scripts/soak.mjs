/** `npm run soak`: prepares a fresh clone, then runs the soak with the same arguments. */
import { spawn } from 'node:child_process';
import { build, installPackages } from './prepare.mjs';

installPackages();
build();
const soak = spawn(process.execPath, ['dist/lab/soak/main.js', ...process.argv.slice(2)], { stdio: 'inherit' });
// A terminal sends its signals to the soak as well, which ends in order; this one waits for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (!process.stdin.isTTY) soak.kill(signal);
  });
}
soak.on('exit', (code) => process.exit(code ?? 1));
