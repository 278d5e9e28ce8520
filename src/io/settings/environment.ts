/** The environment variables that are settings. */
import type { Problem } from '../../core/settings/problem.js';
import { readText } from '../../core/settings/setting-value.js';
import {
  ENVIRONMENT_PREFIX,
  environmentName,
  SETTING_KEYS,
  type SettingKey,
  settingAt,
} from '../../core/settings/settings-table.js';
import { similarName } from '../../core/settings/similar-name.js';
import type { Layer } from './convict-values.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment gives. An empty variable counts as not set: container tools make many of those. */
export function readEnvironment(environment: Environment): { layer: Layer; problems: Problem[] } {
  const layer = new Map<SettingKey, unknown>();
  for (const key of SETTING_KEYS) {
    const text = environment[environmentName(key)];
    if (text !== undefined && text !== '') layer.set(key, readText(settingAt(key), text));
  }
  return { layer, problems: misspelt(environment) };
}

/**
 * Variables with our prefix that are no setting, but nearly. Others are let pass: Kubernetes gives every program the
 * variables of a service of the same name (ARI_AUDIO_STREAM_SERVICE_HOST).
 */
function misspelt(environment: Environment): Problem[] {
  const endings = new Map(SETTING_KEYS.map((key) => [environmentName(key).slice(ENVIRONMENT_PREFIX.length), key]));
  return Object.entries(environment).flatMap(([name, text]) => {
    const ending = name.startsWith(ENVIRONMENT_PREFIX) ? name.slice(ENVIRONMENT_PREFIX.length) : '';
    if (ending === '' || text === '' || endings.has(ending)) return [];
    const near = similarName(ending, [...endings.keys()]);
    if (near === undefined) return [];
    const advice = `did you mean ${ENVIRONMENT_PREFIX}${near}?`;
    return [{ key: name, origin: 'environment', wrong: 'is not a setting', allowed: advice, meant: endings.get(near) }];
  });
}
