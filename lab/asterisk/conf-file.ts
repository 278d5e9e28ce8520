/** Changes single values in the text of an Asterisk configuration file and leaves its comments and order alone. */

/**
 * Sets `key` in `[section]`: the first line that has it, else a new line right under the section's head.
 * Throws when there is no such section: the shipped file and the lab would have grown apart.
 */
export function setInConf(text: string, section: string, key: string, value: string): string {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => line.startsWith(`[${section}]`));
  if (head === -1) throw new Error(`No section [${section}] in the configuration file`);

  const nextHead = lines.findIndex((line, index) => index > head && line.startsWith('['));
  const end = nextHead === -1 ? lines.length : nextHead;
  const found = lines.findIndex((line, index) => index > head && index < end && line.split('=')[0]?.trim() === key);
  if (found === -1) lines.splice(head + 1, 0, `${key} = ${value}`);
  else lines[found] = `${key} = ${value}`;
  return lines.join('\n');
}
