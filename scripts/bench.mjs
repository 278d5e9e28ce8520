/** `npm run bench`: prepares a fresh clone, then runs the benchmarks with the same arguments. */
import { spawn } from 'node:child_process';
import { build, installPackages } from './prepare.mjs';

installPackages();
build();
const bench = spawn(process.execPath, ['dist/bench/main.js', ...process.argv.slice(2)], { stdio: 'inherit' });
// A terminal sends its signals to the benchmarks as well, which end in order; this one waits for them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (!process.stdin.isTTY) bench.kill(signal);
  });
}
bench.on('exit', (code) => process.exit(code ?? 1));
