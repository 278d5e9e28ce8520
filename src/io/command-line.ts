/** The command line, by commander: what was asked for, or what commander has answered already (help, version, mistakes). */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type HostPort, parseHostPort } from '../core/settings/addresses.js';
import { FIELD_NAME, FIELD_VALUE } from '../core/settings/formats.js';
import type { Setting } from '../core/settings/setting.js';
import { allowedBy } from '../core/settings/setting-value.js';
import { defaultInWords, GROUP_TITLES } from '../core/settings/settings-docs.js';
import { flagName, SETTING_KEYS, SETTINGS, type SettingKey, settingAt } from '../core/settings/settings-table.js';

/** Where the settings come from. */
export interface SettingsRequest {
  /** The settings file. */
  readonly file: string | undefined;
  /** The texts of the flags that were given, unchecked. */
  readonly flags: ReadonlyMap<SettingKey, string>;
}

export interface StartRequest extends SettingsRequest {
  readonly command: 'start';
}

export interface CheckRequest extends SettingsRequest {
  readonly command: 'check';
  /** Put out JSON instead of text. */
  readonly json: boolean;
}

export interface ReceiveRequest {
  readonly command: 'receive';
  readonly listen: HostPort;
  /** The folder for what is received. */
  readonly out: string;
  /** The header field that a client must send. */
  readonly secret: { readonly name: string; readonly value: string } | undefined;
  readonly sampleRate: ReceiveRate;
  /** Paths of PEM files. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
}

/** Nothing is to be done any more. */
export interface Answered {
  readonly command: 'none';
  readonly exitCode: 0 | 2;
}

export interface CommandLineContext {
  readonly version: string;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** How wide help may be, in characters; commander's own choice when absent. */
  readonly columns?: number;
}

type ReceiveRate = (typeof RATES)[number];

type GivenFlags = Readonly<Record<string, string | boolean | undefined>>;

interface ReceiveFlags {
  readonly listen: HostPort;
  readonly out: string;
  readonly secret?: string;
  readonly rate: ReceiveRate;
  readonly cert?: string;
  readonly key?: string;
}

const RATES = SETTINGS['streaming.sampleRate'].choices;

/** The flags that hold a secret itself, and not the name of its file: other users of the machine can see flags. */
export function secretFlagsOf(request: StartRequest | CheckRequest | ReceiveRequest): string[] {
  if (request.command === 'receive') return request.secret === undefined ? [] : ['--secret'];
  const isSecret = (key: SettingKey): boolean => 'isSecret' in settingAt(key);
  return [...request.flags.keys()].filter(isSecret).map(flagName);
}

/** Reads the arguments behind the program's name. */
export function readCommandLine(
  args: readonly string[],
  context: CommandLineContext,
): StartRequest | CheckRequest | ReceiveRequest | Answered {
  let request: StartRequest | CheckRequest | ReceiveRequest | undefined;
  const program = newProgram(context);
  addStart(program, (start) => {
    request = start;
  });
  addCheck(program, (check) => {
    request = check;
  });
  addReceive(program, (receive) => {
    request = receive;
  });

  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { command: 'none', exitCode: error.exitCode === 0 ? 0 : 2 };
  }
  return request ?? { command: 'none', exitCode: 2 };
}

function newProgram({ version, writeOut, writeError, columns }: CommandLineContext): Command {
  const program = new Command('ari-audio-stream')
    .description('WebSocket Audio Streaming for any Asterisk: the audio of every participant of a call at your server.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut, writeErr: writeError })
    .showHelpAfterError('"ari-audio-stream help start", "… help check" and "… help receive" say more.');
  if (columns !== undefined) program.configureHelp({ helpWidth: columns });
  return program;
}

function addStart(program: Command, onRequest: (request: StartRequest) => void): void {
  const command = program.command('start').description('Connect to Asterisk and stream the subscribed calls.');
  const readSettings = addSettings(command);
  command.action((given: GivenFlags) => onRequest({ command: 'start', ...readSettings(given) }));
  command.addHelpText(
    'after',
    '\nEach flag is also a key of the settings file and an environment variable: docs/settings.md.\nSIGHUP reads them all again; SIGUSR2 does so for running streams too.',
  );
}

function addCheck(program: Command, onRequest: (request: CheckRequest) => void): void {
  const command = program
    .command('check')
    .description(
      'Look at everything that "start" needs, with the same settings, and say what to change. Disturbs no call.',
    )
    .option('--json', 'put out JSON for programs (docs/check.md)');
  const readSettings = addSettings(command);
  command.action((given: GivenFlags) =>
    onRequest({ command: 'check', ...readSettings(given), json: given.json === true }),
  );
  command.addHelpText(
    'after',
    '\nExit code: 0 when nothing is wrong (notes do not count), 1 for warnings only, 2 for errors, also in the command line;\n130 when it was interrupted. docs/check.md says what is looked at.',
  );
}

/** Adds `--config` and a flag for each setting; returns what reads them. */
function addSettings(command: Command): (given: GivenFlags) => SettingsRequest {
  command.option('--config <file>', 'the settings file (JSON); environment variables and the flags below override it');
  const options = SETTING_KEYS.map((key) => ({ key, option: optionOf(key) }));
  for (const { option } of options) command.addOption(option);
  return (given) => {
    const flags = new Map<SettingKey, string>();
    for (const { key, option } of options) {
      const text = given[option.attributeName()];
      if (typeof text === 'string') flags.set(key, text);
    }
    return { file: typeof given.config === 'string' ? given.config : undefined, flags };
  };
}

function optionOf(key: SettingKey): Option {
  const setting = settingAt(key);
  const facts = `allowed: ${allowedBy(setting)}; default: ${defaultInWords(setting)}`;
  const option = new Option(`${flagName(key)} <${placeholder(setting)}>`, `${setting.help} (${facts})`);
  return option.helpGroup(`${GROUP_TITLES[key.split('.')[0] ?? '']}:`);
}

function placeholder(setting: Setting): string {
  const names = {
    text: 'text',
    path: 'path',
    boolean: 'true|false',
    integer: 'number',
    choice: 'choice',
    list: 'list',
    'named-lists': 'lists',
  };
  return names[setting.kind];
}

function addReceive(program: Command, onRequest: (request: ReceiveRequest) => void): void {
  program
    .command('receive')
    .description('Receive streams as a server does: one WAV file per participant, and a line with a level meter.')
    .addOption(
      new Option('--listen <host:port>', 'where to listen')
        .default({ host: '127.0.0.1', port: 8080 }, '127.0.0.1:8080')
        .argParser(readListen),
    )
    .option('--out <folder>', 'where the WAV files and calls.json go', 'received')
    .option('--secret <name=value>', 'refuse clients that do not send this header field')
    .addOption(
      new Option('--rate <hertz>', 'the sample rate of the streams, which the protocol does not tell')
        .default(RATES[0])
        .argParser(readRate),
    )
    .option('--cert <file>', 'speak wss with this PEM certificate')
    .option('--key <file>', 'the key of the certificate, PEM')
    .action((given: ReceiveFlags, command: Command) => {
      const { listen, out, rate, cert, key } = given;
      const secret = given.secret === undefined ? undefined : readSecret(given.secret, command);
      if ((cert === undefined) !== (key === undefined)) {
        command.error('error: --cert and --key are only of use together');
      }
      const tls = cert === undefined || key === undefined ? undefined : { cert, key };
      onRequest({ command: 'receive', listen, out, secret, sampleRate: rate, tls });
    });
}

function readListen(text: string): HostPort {
  const address = parseHostPort(text);
  if (address === undefined)
    throw new InvalidArgumentError('Allowed: HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080.');
  return address;
}

function readRate(text: string): ReceiveRate {
  const rate = RATES.find((choice) => String(choice) === text);
  if (rate === undefined) throw new InvalidArgumentError(`Allowed: ${RATES.join(', ')}.`);
  return rate;
}

/** Not an argument parser of commander's, since commander repeats what it refuses, and this is a secret. */
function readSecret(text: string, command: Command): { name: string; value: string } {
  const at = text.indexOf('=');
  const name = text.slice(0, at);
  const value = text.slice(at + 1);
  if (at < 1 || value === '') command.error('error: --secret wants NAME=VALUE');
  const nameFault = FIELD_NAME.faultIn(name);
  if (nameFault !== undefined)
    command.error(`error: the name of --secret ${nameFault}; allowed: ${FIELD_NAME.allowed}`);
  const valueFault = FIELD_VALUE.faultIn(value);
  if (valueFault !== undefined) {
    command.error(`error: the value of --secret ${valueFault}; allowed: ${FIELD_VALUE.allowed}`);
  }
  return { name, value };
}
