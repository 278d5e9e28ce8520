/** The settings that say how the calls of a PBX are to be understood: a part of the table of settings. */
import { CALLFLOW_RULE, CONTEXT_GLOB, EXTENSION_GROUP_NAME, NAME_OR_PATTERN, TECHNOLOGY } from './call-formats.js';
import type { Setting } from './setting.js';

export const CALLS_SETTINGS = {
  'calls.technologies': {
    kind: 'list',
    format: TECHNOLOGY,
    fallback: ['PJSIP', 'SIP', 'IAX2', 'DAHDI'],
    help: 'Channel technologies whose channels are parties of calls: the part of a channel name before the slash.',
  },
  'calls.trunks': {
    kind: 'list',
    format: NAME_OR_PATTERN,
    fallback: [],
    help: 'Endpoints that are trunks whatever their context is. An endpoint that is no trunk is an extension.',
  },
  'calls.trunkContexts': {
    kind: 'list',
    format: CONTEXT_GLOB,
    fallback: [
      'from-trunk*',
      'from-pstn*',
      'from-external*',
      'from-digital*',
      'from-analog*',
      'from-dahdi*',
      'from-sip-external',
    ],
    help: 'Dialplan contexts whose endpoints are trunks: an endpoint whose calls begin in one of them is a trunk.',
  },
  'calls.extensionGroups': {
    kind: 'named-lists',
    nameFormat: EXTENSION_GROUP_NAME,
    format: NAME_OR_PATTERN,
    fallback: [],
    help: 'Groups of extensions by name, for streaming.subscriptions.extensionGroups.',
  },
  'calls.callflows': {
    kind: 'list',
    format: CALLFLOW_RULE,
    fallback: [],
    help: 'Which callflow a dialplan application or context stands for. These rules come before the built-in ones, and the first that fits holds.',
  },
} as const satisfies Record<string, Setting>;
