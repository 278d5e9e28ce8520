/** Writes docs/settings.md from the table. */
import type { Setting } from './setting.js';
import { allowedBy } from './setting-value.js';
import { environmentName, flagName, SETTING_KEYS, type SettingKey, settingAt } from './settings-table.js';

/** The settings file that stands at the top of the page; a test loads it. */
export const EXAMPLE = {
  asterisk: {
    url: 'http://127.0.0.1:8088',
    username: 'ari-audio-stream',
    passwordFile: '/etc/ari-audio-stream/asterisk-password',
  },
  media: { listen: '127.0.0.1:40000' },
  streaming: {
    serverAddress: 'wss://example.com/audio',
    secret: { name: 'X-Api-Key', valueFile: '/etc/ari-audio-stream/secret' },
    sampleRate: 16000,
    subscriptions: { extensions: ['1001', '_20XX'] },
  },
};

/** The groups in their order, with the headings that `--help` and the page give them. */
export const GROUP_TITLES: Readonly<Record<string, string>> = {
  asterisk: 'Asterisk',
  media: 'Audio from Asterisk',
  log: 'Log',
  monitoring: 'Monitoring',
  stateDir: 'State',
  streaming: 'Streaming to your server',
  calls: 'Understanding the calls of your PBX',
  web: 'The settings page and its API',
};

const EFFECTS = {
  'at-once': 'at once',
  'new-calls': 'for new calls; after SIGUSR2 for running ones, too',
  'next-start': 'at the next start',
} as const;

const INTRODUCTION = `# Settings

<!-- Made from src/core/settings/settings-table.ts by \`npm run docs:settings\`. Changes made here get lost. -->

A settings file for \`ari-audio-stream start --config FILE\` looks like this. What is left out keeps its default; only a
password, a server address and a subscription are really needed, and the last two can as well be set on the settings page.

\`\`\`json
${JSON.stringify(EXAMPLE, null, 2)}
\`\`\`

Settings come from five places. Each overrides those before it:

1. the defaults;
2. the file of \`--config\`, a JSON object; \`streaming.sampleRate\` below is the key \`sampleRate\` of the object
   \`streaming\`;
3. what was saved on the settings page, or by the API: see [below](#saved-on-the-page);
4. environment variables;
5. flags.

Some rules hold everywhere:

- An empty text counts as not given.
- In variables and flags a list is written with commas between its items, and a switch may also be \`yes\`, \`on\`, \`1\`,
  \`no\`, \`off\` or \`0\`.
- A relative path in the settings file starts at the file's folder; one in a variable or a flag at the working
  directory.
- All mistakes are listed at once, each with its key, where it was found and what is allowed. Nothing is started then,
  and the exit code is 2. See [SETTINGS_INVALID](errors.md#settings_invalid).
- Passwords and secrets are never shown, neither in messages nor in the log.

## While it runs

The signal SIGHUP makes the program read the same file, environment and flags again, and also the files that hold
passwords, secrets and certificates. What changed then holds at once, for new calls or at the next start, as each setting
below says. SIGUSR2 does the same, and running calls, too, take a new server address, secret or sample rate at once: their
streams end and begin anew.

Settings with a mistake change nothing. The log then lists every problem, and the program goes on with what it had.

## Saved on the page

The settings page and [the API](api.md) can change the settings under \`streaming\`, but for those that name files and
\`streaming.insecure\`. What is changed there holds at once, as after SIGHUP, and is kept over a restart:

- Only what was changed is kept. All else goes on coming from the file, and follows it. The log names what both give.
- What a variable or a flag gives is shown on the page, with its name, and cannot be changed there.
- Everything is in \`settings.json\` in the folder \`stateDir\`, the secret included, so only the user of this program may
  read it (mode 0600). It is written beside its place and renamed, so a crash leaves the old version or the new one.
- The last ten versions are kept, each with who saved it and when. The page and the API can put one back, which makes a
  new version.
- Of two people who save at once, the second is told who was first, and nothing is lost unseen.
- To give up all that was saved, move \`settings.json\` away and send SIGHUP. A damaged one is a mistake like any other: it
  is named, and never passed over or written over.
- Each program needs a \`stateDir\` of its own. While one with a page runs, a second one that has a page and the same folder
  does not start: [STATE_DIR_TAKEN](errors.md#state_dir_taken).

While the page is switched on (\`web.listen\`), a missing \`streaming.serverAddress\` is a warning only: nothing is streamed
until it is set there.
`;

/** The whole page. */
export function settingsPage(): string {
  const groups = Object.entries(GROUP_TITLES).map(([group, title]) => {
    const keys = SETTING_KEYS.filter((key) => key.split('.')[0] === group);
    return [`## ${title}`, ...keys.map(section)].join('\n\n');
  });
  return `${[INTRODUCTION.trimEnd(), ...groups].join('\n\n')}\n`;
}

/** The default in words, such as `8000`, or what holds instead of one. */
export function defaultInWords(setting: Setting): string {
  if (!('fallback' in setting) || setting.fallback === undefined) return setting.otherwise ?? 'none';
  const { fallback } = setting;
  if (!Array.isArray(fallback)) return String(fallback);
  if (fallback.length > 0) return fallback.join(', ');
  return setting.kind === 'list' ? 'an empty list' : 'none';
}

function section(key: SettingKey): string {
  const setting = settingAt(key);
  const hasPlainDefault = 'fallback' in setting && !Array.isArray(setting.fallback);
  const fallback = defaultInWords(setting);
  return [
    `### \`${key}\``,
    '',
    markdown(setting.help),
    '',
    `- Allowed: ${markdown(allowedBy(setting))}`,
    `- Default: ${hasPlainDefault ? `\`${fallback}\`` : markdown(fallback)}`,
    `- Variable: \`${environmentName(key)}\``,
    `- Flag: \`${flagName(key)}\``,
    `- A change takes effect: ${EFFECTS[setting.effect ?? 'at-once']}`,
  ].join('\n');
}

/** Asterisk's patterns are full of characters that Markdown reads as marks. */
function markdown(text: string): string {
  return text.replace(/[*_<>`[\]\\]/g, '\\$&');
}
