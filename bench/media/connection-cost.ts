/** What it costs a process to set up a connection to the receiver, its handshakes included. */

/** Not measured: the compiler of JavaScript has seen little of this code before. */
const FIRST = 20;
const MEASURED = 100;
const US_PER_MS = 1000;

/** Of this process's processor time, in ms. `connect` opens a connection, and gives what drops it. */
export async function connectionCost(connect: () => Promise<() => void>): Promise<number> {
  let before = process.cpuUsage();
  for (let count = 0; count < FIRST + MEASURED; count++) {
    if (count === FIRST) before = process.cpuUsage();
    const drop = await connect();
    drop();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / US_PER_MS / MEASURED;
}
