/** The modules of Asterisk that taps and the page need, and what for; asterisk-conf/add-on loads them. */

import { type Finding, type Line, settingLine, shellLine, well } from './finding.js';

export interface AsteriskModule {
  readonly name: string;
  /** `Running` or `Not Running`. */
  readonly status: string;
}

/** One of the modules is enough; the first is the usual one. */
type Need = readonly [modules: string | readonly string[], purpose: string];

/** Without these there is no tap at all. */
const REQUIRED: readonly Need[] = [
  ['res_http_websocket.so', 'the event stream of ARI runs over it'],
  ['res_stasis.so', 'ARI is built on it'],
  ['app_stasis.so', 'ARI is built on it'],
  ['res_stasis_snoop.so', 'it is what hears a party'],
  [
    ['res_timing_timerfd.so', 'res_timing_pthread.so', 'res_timing_dahdi.so', 'res_timing_kqueue.so'],
    'it is the clock by which a snoop channel sends; without one it sends nothing',
  ],
  ['res_stasis_answer.so', 'res_ari_channels.so does not load without it'],
  ['res_stasis_playback.so', 'res_ari_channels.so does not load without it'],
  ['res_stasis_recording.so', 'res_ari_channels.so does not load without it'],
  ['res_ari_applications.so', 'it filters the events'],
  ['res_ari_bridges.so', 'it joins the two halves of a tap'],
  ['res_ari_channels.so', 'it sees the calls and makes the taps'],
  ['res_ari_events.so', 'it tells of the calls'],
  ['chan_rtp.so', 'it sends the audio here (externalMedia)'],
  ['res_rtp_multicast.so', 'chan_rtp.so does not load without it'],
  ['res_rtp_asterisk.so', 'it sends the audio here'],
];

/** Without these something is lost, though taps come about. */
const WANTED: readonly Need[] = [
  ['bridge_simple.so', 'it joins the two halves of a tap; bridge_softmix.so does that too, at a higher cost'],
  ['codec_resample.so', 'calls whose phones use different sample rates have no audio without it'],
  ['res_ari_endpoints.so', 'the settings page lists extensions and trunks by it'],
  ['func_channel.so', 'calls cannot be told apart where channelvars does not help, nor a codec be learnt'],
];

/** What turns the audio of a call into `media.format`: one of the ways is enough, all modules of a way are needed. */
const CODECS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  ulaw: [['codec_ulaw.so'], ['codec_alaw.so', 'codec_a_mu.so']],
  alaw: [['codec_alaw.so'], ['codec_ulaw.so', 'codec_a_mu.so']],
  opus: [['codec_opus.so'], ['codec_opus_open_source.so']],
  slin16: [['codec_resample.so']],
  slin24: [['codec_resample.so']],
  slin32: [['codec_resample.so']],
  slin48: [['codec_resample.so']],
};

/** The usual module of each need. */
export const NEEDED_MODULES: readonly string[] = [...REQUIRED, ...WANTED].map(([names]) =>
  typeof names === 'string' ? names : (names[0] ?? ''),
);

export function moduleFindings(modules: readonly AsteriskModule[], format: string): Finding[] {
  const lacking = [
    ...REQUIRED.flatMap((need) => lack(need, 'error', modules)),
    ...WANTED.flatMap((need) => lack(need, 'warning', modules)),
  ];
  const ofFormat = codecFinding(modules, format);
  if (lacking.length > 0) return [...lacking, ...ofFormat];
  return [
    well('asterisk.modules', `All ${NEEDED_MODULES.length} modules that taps and the page need run.`),
    ...ofFormat,
  ];
}

function lack([names, purpose]: Need, level: 'error' | 'warning', modules: readonly AsteriskModule[]): Finding[] {
  const choices = typeof names === 'string' ? [names] : names;
  const states = choices.map((name) => stateOf(name, modules));
  const [usual = ''] = choices;
  if (states.includes('running')) return [];
  const state = states.includes('stopped') ? 'is loaded but does not run' : 'is not loaded';
  const others = choices.length === 1 ? '' : `, nor any of ${choices.slice(1).join(', ')}`;
  return [
    {
      id: 'asterisk.modules',
      level,
      what: `The module ${usual} ${state}${others}.`,
      why: `${capital(purpose)}.`,
      lines: linesToLoad(usual),
    },
  ];
}

function codecFinding(modules: readonly AsteriskModule[], format: string): Finding[] {
  const ways = CODECS[format];
  if (ways === undefined) return [];
  const way = ways.find((names) => names.every((name) => stateOf(name, modules) === 'running'));
  if (way !== undefined) return [well('asterisk.codec', `media.format ${format}: ${way.join(' and ')} can make it.`)];
  const choices = ways.map((names) => names.join(' with '));
  return [
    {
      id: 'asterisk.codec',
      level: 'error',
      what: `No module that makes media.format ${format} runs: ${choices.join(' or ')}.`,
      why: 'Asterisk cannot turn the audio of calls into this format, so none of it would arrive.',
      lines: [...linesToLoad(ways[0]?.[0] ?? ''), settingLine('media.format', 'auto')],
    },
  ];
}

function linesToLoad(name: string): Line[] {
  return [
    { where: `modules.conf, [modules], instead of any "noload = ${name}"`, text: `load = ${name}` },
    shellLine(`asterisk -rx "module load ${name}"`),
  ];
}

function stateOf(name: string, modules: readonly AsteriskModule[]): 'running' | 'stopped' | 'missing' {
  const found = modules.find((module) => module.name === name);
  if (found === undefined) return 'missing';
  return found.status === 'Running' ? 'running' : 'stopped';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
