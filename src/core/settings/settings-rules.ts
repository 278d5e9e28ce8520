/** The rules that join several settings: what is required when, and what excludes what. */
import { isUnspecified, parseHostPort } from './addresses.js';
import { type Problem, problemOf } from './problem.js';
import type { SettingValues } from './settings.js';
import { environmentName, flagName, type SettingKey } from './settings-table.js';

export interface BrokenRule {
  readonly problem: Problem;
  /** The settings that broke it; where one of them has a problem already, this is likely to be its consequence. */
  readonly joins: readonly SettingKey[];
  /** The page can put it right: always, or only when one of these settings was saved there. */
  readonly onPage?: 'always' | 'when-saved';
}

const LAST_PORT = 65_535;

/** A certificate and its key: both, or none. */
export const IDENTITIES = [
  ['streaming.cert', 'streaming.key'],
  ['web.cert', 'web.key'],
] as const satisfies readonly (readonly [SettingKey, SettingKey])[];

/** Every rule that these values break. Values that are wrong in themselves may be among them: no rule minds. */
export function brokenRules(values: SettingValues, originOf: (key: SettingKey) => string | undefined): BrokenRule[] {
  const broken: BrokenRule[] = [];
  if (values['asterisk.password'] === undefined && values['asterisk.passwordFile'] === undefined) {
    broken.push(missing('asterisk.password', 'is missing (asterisk.passwordFile would do as well)'));
  }
  if (values['streaming.enable'] === true && values['streaming.serverAddress'] === undefined) {
    broken.push({
      ...missing('streaming.serverAddress', 'is missing, and streaming.enable is true'),
      onPage: 'always',
    });
  }
  const listen = values['media.listen'];
  const host = typeof listen === 'string' ? parseHostPort(listen)?.host : undefined;
  if (host !== undefined && isUnspecified(host) && values['media.advertise'] === undefined) {
    broken.push(missing('media.advertise', `is missing, and media.listen is ${listen}, to which nobody can send`));
  }
  broken.push(...portsBeyondLast(values, originOf));
  for (const [certKey, keyKey] of IDENTITIES) {
    const [cert, key] = [values[certKey], values[keyKey]];
    if (cert !== undefined && key === undefined) broken.push(missing(keyKey, `is missing, and ${certKey} is given`));
    if (key !== undefined && cert === undefined) broken.push(missing(certKey, `is missing, and ${keyKey} is given`));
  }
  const unknown = unknownGroups(values);
  if (unknown !== undefined) {
    const key = 'streaming.subscriptions.extensionGroups';
    const joins = [key, 'calls.extensionGroups'] as const;
    broken.push({ problem: problemOf(key, originOf(key), unknown), joins, onPage: 'when-saved' });
  }
  return broken;
}

/** Each thread of the audio has a port: the first one's, or one of those after it. */
function portsBeyondLast(values: SettingValues, originOf: (key: SettingKey) => string | undefined): BrokenRule[] {
  const workers: unknown = values['media.workers'];
  if (typeof workers !== 'number' || workers < 2) return [];
  const [listen, advertise] = (['media.listen', 'media.advertise'] as const).map((key) => {
    const text: unknown = values[key];
    return { key, port: typeof text === 'string' ? parseHostPort(text)?.port : undefined };
  });
  const broken = [listen, advertise].flatMap((one) => {
    if (one?.port === undefined || one.port + workers - 1 <= LAST_PORT) return [];
    const wrong = `has port ${one.port}, and media.workers ${workers} takes ${workers} ports from there on`;
    return [{ problem: problemOf(one.key, originOf(one.key), wrong), joins: [one.key, 'media.workers'] as const }];
  });
  if (listen?.port !== 0 || advertise?.port === undefined) return broken;
  const wrong = `has a port, but media.listen takes any free ones, and media.workers ${workers} of them`;
  const joins = ['media.advertise', 'media.listen', 'media.workers'] as const;
  return [...broken, { problem: problemOf('media.advertise', originOf('media.advertise'), wrong), joins }];
}

function unknownGroups(values: SettingValues): string | undefined {
  const defined = values['calls.extensionGroups'].map(([name]) => name);
  const subscribed: unknown = values['streaming.subscriptions.extensionGroups'];
  if (!Array.isArray(subscribed)) return undefined;
  const unknown = subscribed.filter((name) => name !== '*' && !defined.includes(name));
  if (unknown.length === 0) return undefined;
  const choice = defined.length === 0 ? 'defines none' : `defines ${inQuotes(defined)}`;
  return `names ${inQuotes(unknown)}, but calls.extensionGroups ${choice}`;
}

/** A problem of a setting that was not given: says also how it can be. */
function missing(key: SettingKey, wrong: string): BrokenRule {
  const problem = problemOf(key, undefined, wrong);
  const advice = `${problem.allowed} (set it in the file, as ${flagName(key)} or ${environmentName(key)})`;
  return { problem: { ...problem, allowed: advice }, joins: [key] };
}

function inQuotes(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(', ');
}
