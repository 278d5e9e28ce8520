/** The files that settings name: what is in them takes the place of their paths, or becomes another setting's value. */
import { type Problem, problemOf } from '../../core/settings/problem.js';
import type { PathSetting } from '../../core/settings/setting.js';
import { faultIn } from '../../core/settings/setting-value.js';
import type { SettingValues } from '../../core/settings/settings.js';
import { IDENTITIES } from '../../core/settings/settings-rules.js';
import { SETTING_KEYS, type SettingKey, settingAt } from '../../core/settings/settings-table.js';
import { isKeyOf, readCertificateFile, readKeyFile, readSecretFile } from './file-content.js';

/** Puts the content of files in the place of their paths, and into the settings that they are the content of. */
export function readContents(
  values: SettingValues,
  faults: ReadonlyMap<SettingKey, string>,
  originOf: (key: SettingKey) => string | undefined,
): { values: SettingValues; problems: Problem[] } {
  const found: Partial<Record<SettingKey, string>> = {};
  const problems: Problem[] = [];
  for (const key of SETTING_KEYS) {
    const path = values[key];
    const setting = settingAt(key);
    if (setting.kind !== 'path' || setting.content === undefined || typeof path !== 'string' || faults.has(key))
      continue;
    const isOwn = setting.content === 'certificates' || setting.content === 'private-key';
    const target = isOwn ? key : setting.content;
    const content = readContent(setting, path, values);
    if ('text' in content) found[target] = content.text;
    else problems.push(problemOf(key, originOf(key), content.wrong));
  }
  for (const [certKey, keyKey] of IDENTITIES) {
    const [cert, key] = [found[certKey], found[keyKey]];
    if (cert === undefined || key === undefined || isKeyOf(key, cert)) continue;
    problems.push(problemOf(keyKey, originOf(keyKey), `is not the key of ${certKey}, but of another certificate`));
  }
  // Only settings that are texts can be found in files.
  return { values: { ...values, ...found } as SettingValues, problems };
}

function readContent(
  { content }: PathSetting,
  path: string,
  values: SettingValues,
): { text: string } | { wrong: string } {
  if (content === undefined || content === 'certificates') return readCertificateFile(path);
  if (content === 'private-key') return readKeyFile(path);
  if (values[content] !== undefined) return { wrong: `is given, and ${content} too: only one of the two may be` };
  const file = readSecretFile(path);
  if (!('text' in file)) return file;
  const fault = faultIn(settingAt(content), file.text);
  return fault === undefined ? file : { wrong: `names a file whose content ${fault}: ${path}` };
}
