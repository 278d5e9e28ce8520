/** The product's commands as processes that cannot outlive the lab. */
import { type Confined, runConfined } from './asterisk/confined.js';
import { projectRoot } from './project-root.js';

/** Runs `ari-audio-stream ARGS`; its output goes to a file descriptor. A Ctrl-C in the terminal does not reach it. */
export function runProduct(args: readonly string[], output: number): Confined {
  const main = `${projectRoot()}/dist/src/main.js`;
  return runConfined([process.execPath, main, ...args], 'none', output);
}
