/**
 * The phones of the compose lab: nine extensions and a provider that talk all day through a PBX at another host. It reads
 * LAB_PBX (host:port of its SIP), LAB_SECRETS (folder of passwords), LAB_VOICES (folder of what they say), LAB_CALLS_AT_ONCE,
 * LAB_CALL_SECONDS (shortest-longest) and LAB_SEED.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { talkAllDay } from './all-day.js';
import { ALL_DAY_EXTENSIONS, answerCalls, type Day } from './all-day-calls.js';
import { AriHttp } from './ari-http.js';
import { startFarAsterisk } from './far-asterisk.js';
import { Farm } from './farm.js';
import { Phones } from './phones.js';
import { seededRandom } from './seeded-random.js';
import { Teardown } from './teardown.js';
import { Trunk } from './trunk.js';
import { until } from './until.js';

const ALIVE_FILE = '/tmp/phones-are-well';
const ALIVE_EVERY_MS = 10_000;
/** So long without one good call is no health. */
const QUIET_LIMIT_MS = 180_000;
const REGISTRATION_LIMIT_MS = 60_000;

const environment = process.env;
const pbxAddress = environment.LAB_PBX || 'asterisk:5060';
const secrets = environment.LAB_SECRETS || '/secrets';
const voices = environment.LAB_VOICES || '/voices';
const atOnce = wholeNumber('LAB_CALLS_AT_ONCE', 3, 1, 4);
const seed = wholeNumber('LAB_SEED', Math.floor(Date.now() / 1000), 0, 2 ** 32 - 1);
const [shortest, longest] = secondsOfCalls(environment.LAB_CALL_SECONDS || '15-45');

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    say('The day ends: everybody hangs up');
    stop.abort();
  });
}

const teardown = new Teardown();
try {
  process.exitCode = await run();
} catch (error) {
  say(`The phones cannot go on: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  await teardown.run();
}

async function run(): Promise<number> {
  say(`The phones wake up; the seed of this day is ${seed}`);
  const secret = (name: string): string => readFileSync(join(secrets, name), 'utf8').trim();
  const asterisk = await startFarAsterisk({
    pbxAddress,
    extensions: ALL_DAY_EXTENSIONS.map((number) => ({ number, password: `${secret('phones')}-${number}` })),
    provider: { username: 'trunk-a', password: secret('provider') },
  });
  teardown.add(asterisk.stop);
  const farm = new Farm(asterisk, pbxAddress);
  await farm.connect();
  teardown.add(() => farm.disconnect());
  teardown.add(() => farm.hangUpAll());

  const random = seededRandom(seed);
  const day: Day = {
    phones: new Phones(farm),
    trunk: new Trunk(farm, 'trunk'),
    random,
    conductOf: (number) => ({ plays: join(voices, `voice-${number}`), repeats: true }),
    shortestMs: shortest * 1000,
    longestMs: longest * 1000,
    say,
    signal: stop.signal,
  };
  answerCalls(day, random);
  await until(
    'every phone is registered at the PBX',
    async () => stop.signal.aborted || isEveryPhoneRegistered(await asterisk.cli('pjsip show registrations')),
    REGISTRATION_LIMIT_MS,
  );
  say(`${ALL_DAY_EXTENSIONS.length} phones are registered at ${pbxAddress}`);
  let lastSuccess = Date.now();
  const talking = talkAllDay(day, atOnce, () => {
    lastSuccess = Date.now();
  });
  const health = keepTelling(new AriHttp(asterisk.ari), farm, () => Date.now() - lastSuccess < QUIET_LIMIT_MS);
  return Promise.race([talking.then(() => 0), health]);
}

function isEveryPhoneRegistered(registrations: string): boolean {
  return [...registrations.matchAll(/ Registered /g)].length === ALL_DAY_EXTENSIONS.length;
}

/** Touches a file for the container's health check; ends with 1 when our own Asterisk is gone, so that all begins anew. */
async function keepTelling(ari: AriHttp, farm: Farm, isWell: () => boolean): Promise<number> {
  for (let silent = 0; silent < 3; ) {
    const isReady = await ari.isReady();
    silent = isReady ? 0 : silent + 1;
    if (isReady && isWell()) writeFileSync(ALIVE_FILE, '');
    for (const problem of farm.problems.splice(0)) say(`A phone had a problem: ${problem}`);
    await pause(ALIVE_EVERY_MS, undefined, { ref: false });
  }
  say("The phones' own Asterisk is gone; they begin anew");
  return 1;
}

function wholeNumber(name: string, fallback: number, least: number, most: number): number {
  const text = environment[name] || String(fallback);
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  return refuse(`${name} is "${text}"; allowed is a whole number from ${least} to ${most}.`);
}

function secondsOfCalls(text: string): [number, number] {
  const [, shortest = 0, longest = 0] = (/^(\d+)-(\d+)$/.exec(text) ?? []).map(Number);
  if (shortest >= 1 && longest >= shortest && longest <= 3600) return [shortest, longest];
  return refuse(`LAB_CALL_SECONDS is "${text}"; allowed is SHORTEST-LONGEST in seconds, 1 to 3600, such as 15-45.`);
}

function refuse(message: string): never {
  say(message);
  process.exit(2);
}

function say(line: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}
