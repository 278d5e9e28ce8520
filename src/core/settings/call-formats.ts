/** What the names and rules may look like by which calls are chosen and understood. */
import { CALLFLOWS } from '../callflow.js';
import { parseCallflowRule } from './callflow-rule.js';
import type { TextFormat } from './formats.js';

/** Asterisk's AST_MAX_EXTENSION is 80 with its closing NUL, and so is AST_MAX_CONTEXT. */
const MAX_NAME_CHARACTERS = 79;
const MAX_GROUP_NAME_CHARACTERS = 63;
/** Channels that Asterisk or this program makes inside; taken for parties they would be tapped for ever anew. */
const INNER_TECHNOLOGIES: ReadonlySet<string> = new Set(['local', 'snoop', 'unicastrtp', 'message']);

/** Exact names and Asterisk's patterns: https://docs.asterisk.org/Configuration/Dialplan/Pattern-Matching/. */
export const NAME_OR_PATTERN: TextFormat = {
  allowed: 'exact names, Asterisk patterns such as _10XX or _[1-5]., or * for all',
  faultIn(text) {
    const fault = faultInName(text);
    if (fault !== undefined) return fault;
    return text.startsWith('_') && !isPattern(text.slice(1)) ? 'is not a pattern that Asterisk knows' : undefined;
  },
};

/** As NAME_OR_PATTERN; an exact number may also be written as on a letterhead. */
export const DID_OR_PATTERN: TextFormat = {
  allowed: 'numbers, also as +49 (30) 123-456, Asterisk patterns such as _+1555., or * for all',
  faultIn(text) {
    if (text.startsWith('_')) return NAME_OR_PATTERN.faultIn(text);
    if (text === '') return 'is empty';
    if (text.length > MAX_NAME_CHARACTERS) return `is ${text.length} characters long`;
    const bare = text.replace(/[ ()./-]/g, '');
    if (bare === '' || bare === '+') return 'holds no number';
    return faultInName(bare) && 'holds a comma, a control character or a space of a strange kind';
  },
};

export const EXTENSION_GROUP_NAME: TextFormat = {
  allowed: `1 to ${MAX_GROUP_NAME_CHARACTERS} characters other than , = | and control characters`,
  faultIn(text) {
    if (text === '') return 'is empty';
    if (text.length > MAX_GROUP_NAME_CHARACTERS) return `is ${text.length} characters long`;
    if (hasControlCharacter(text) || /[,=|]/.test(text)) return 'holds one of , = | or a control character';
    if (text.trim() !== text) return 'begins or ends with a space';
    return text === '*' ? 'is *, which stands for all groups' : undefined;
  },
};

export const EXTENSION_GROUP_ENTRY: TextFormat = {
  allowed: 'names of groups that calls.extensionGroups defines, or * for all',
  faultIn: (text) => (text === '*' ? undefined : EXTENSION_GROUP_NAME.faultIn(text)),
};

export const TECHNOLOGY: TextFormat = {
  allowed: 'channel technologies such as PJSIP, of letters and digits; not Local, Snoop, UnicastRTP or Message',
  faultIn(text) {
    if (text.length > MAX_NAME_CHARACTERS) return `is ${text.length} characters long`;
    if (!/^[a-z0-9]+$/i.test(text)) return text === '' ? 'is empty' : 'holds a character that is not allowed';
    return INNER_TECHNOLOGIES.has(text.toLowerCase()) ? 'is a technology of channels that are no party' : undefined;
  },
};

/** No pattern of Asterisk's, in which `n`, `x` and `z` would be digits. */
export const CONTEXT_GLOB: TextFormat = {
  allowed: 'names of dialplan contexts, in which * stands for any text, such as from-trunk*',
  faultIn: faultInName,
};

export const CALLFLOW_RULE: TextFormat = {
  allowed: `rules app:NAME=CALLFLOW (an application) or context:NAME=CALLFLOW (a context, in which * stands for any text), such as context:ivr-*=ivr, where CALLFLOW is ${CALLFLOWS.filter(Boolean).join(', ')} or nothing`,
  faultIn: (text) => (parseCallflowRule(text) === undefined ? 'is not a rule of this form' : undefined),
};

function faultInName(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (text.length > MAX_NAME_CHARACTERS) return `is ${text.length} characters long`;
  return hasControlCharacter(text) || /[\s,]/.test(text) ? 'holds a space, a comma or a control character' : undefined;
}

/** Characters and sets in brackets; `.` or `!` for the rest, at the end only. */
function isPattern(text: string): boolean {
  return /^(?:[^[\].!]|\[[^[\]]+\])*[.!]?$/.test(text) && text !== '';
}

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
