/** The settings between the two ways to write them: ours, and the compatible API's. */
import type { CompatibleConfig, CompatibleUpdate, SubscribedObject } from './contract/compatible.js';
import type { FieldProblem } from './contract/failure.js';
import type { SavedSettings, StreamingForm } from './contract/settings.js';
import { ApiFailure } from './route.js';

type Subscriptions = StreamingForm['subscriptions'];
type Kind = 'extensions' | 'extensionGroups' | 'trunks' | 'dids';

/** Stands for a secret that is set and not shown. */
export const MASK = '********';

const TYPE_OF_KIND = { extensions: 'extension', extensionGroups: 'ext_group', trunks: 'trunk', dids: 'did' } as const;
const KINDS = ['extensions', 'extensionGroups', 'trunks', 'dids'] as const satisfies readonly Kind[];
/** The name that a secret has when nobody says another. */
const DEFAULT_SECRET_NAME = 'Secret';

const PARAMETER_OF_FIELD: Readonly<Record<string, keyof CompatibleUpdate>> = {
  'streaming.enable': 'enable',
  'streaming.serverAddress': 'websocket_url',
  'streaming.secretName': 'auth_key',
  'streaming.secretValue': 'auth_value',
  'streaming.sampleRate': 'sample_rate',
  'streaming.subscriptions.enableExtensions': 'enable_ext',
  'streaming.subscriptions.enableExtensionGroups': 'enable_ext',
  'streaming.subscriptions.enableTrunks': 'enable_trunk',
  'streaming.subscriptions.enableDids': 'enable_did',
  'streaming.subscriptions.extensions': 'subscribe_list',
  'streaming.subscriptions.extensionGroups': 'subscribe_list',
  'streaming.subscriptions.trunks': 'subscribe_list',
  'streaming.subscriptions.dids': 'subscribe_list',
};

/** `secret` is what may be shown in the place of one that is set. */
export function compatibleConfig({ streaming }: SavedSettings, secret: string): CompatibleConfig {
  const { enable, serverAddress, secretName, secretIsSet, sampleRate, subscriptions } = streaming;
  return {
    enable: bit(enable),
    websocket_url: serverAddress,
    auth_key: secretName,
    auth_value: secretIsSet ? secret : '',
    sample_rate: sampleRate === 8000 ? 0 : sampleRate === 16_000 ? 1 : sampleRate,
    enable_ext: bit(subscriptions.enableExtensions || subscriptions.enableExtensionGroups),
    enable_trunk: bit(subscriptions.enableTrunks),
    enable_did: bit(subscriptions.enableDids),
  };
}

/**
 * Extensions and groups have one switch there and two here: where only one is on, the other's list is left out, so that
 * what is shown is what is streamed.
 */
export function subscribeList({ streaming }: SavedSettings): SubscribedObject[] {
  const { subscriptions } = streaming;
  const { enableExtensions, enableExtensionGroups } = subscriptions;
  const isHidden = {
    extensions: enableExtensionGroups && !enableExtensions,
    extensionGroups: enableExtensions && !enableExtensionGroups,
  };
  return KINDS.filter((kind) => !(kind in isHidden && isHidden[kind as keyof typeof isHidden]))
    .flatMap((kind) => subscriptions[kind].map((name) => ({ kind, name })))
    .map(({ kind, name }, index) => ({
      id: index + 1,
      subscribe_type: TYPE_OF_KIND[kind],
      subscribe_id: idOf(name),
    }));
}

/** The whole form, with these changes in it. */
export function formWith(update: CompatibleUpdate, { streaming }: SavedSettings): StreamingForm {
  const { secretIsSet: _, ...present } = streaming;
  const { enable, websocket_url, auth_key, auth_value, sample_rate } = update;
  return {
    ...present,
    ...(enable !== undefined && { enable: enable === 1 }),
    ...(websocket_url !== undefined && { serverAddress: websocket_url }),
    ...(auth_key !== undefined && { secretName: auth_key === '' ? DEFAULT_SECRET_NAME : auth_key }),
    ...(auth_value !== undefined && auth_value !== MASK && { secretValue: auth_value === '' ? null : auth_value }),
    ...(sample_rate !== undefined && { sampleRate: rateOf(sample_rate) }),
    subscriptions: { ...present.subscriptions, ...switchesIn(update), ...listsIn(update) },
  };
}

/** The same problem under the name that the parameter has there. */
export function atParameter({ field, message }: FieldProblem): FieldProblem {
  const parameter = Object.hasOwn(PARAMETER_OF_FIELD, field) ? PARAMETER_OF_FIELD[field] : undefined;
  if (parameter !== 'subscribe_list') return { field: parameter ?? field, message };
  const kind = KINDS.find((name) => field.endsWith(`.${name}`));
  return { field: parameter, message: kind === undefined ? message : `${TYPE_OF_KIND[kind]}: ${message}` };
}

function switchesIn({ enable_ext, enable_trunk, enable_did }: CompatibleUpdate): Partial<Subscriptions> {
  return {
    ...(enable_ext !== undefined && { enableExtensions: enable_ext === 1, enableExtensionGroups: enable_ext === 1 }),
    ...(enable_trunk !== undefined && { enableTrunks: enable_trunk === 1 }),
    ...(enable_did !== undefined && { enableDids: enable_did === 1 }),
  };
}

function listsIn({ subscribe_list }: CompatibleUpdate): Partial<Subscriptions> {
  if (subscribe_list === undefined) return {};
  const organizations = subscribe_list.flatMap(({ subscribe_type }, index) =>
    subscribe_type === 'organization'
      ? [{ field: `subscribe_list.${index}.subscribe_type`, message: NO_ORGANIZATION }]
      : [],
  );
  if (organizations.length > 0) throw new ApiFailure(400, 'INVALID', NO_ORGANIZATION, organizations);
  const namesOf = (kind: Kind): string[] => {
    const chosen = subscribe_list.filter(({ subscribe_type }) => subscribe_type === TYPE_OF_KIND[kind]);
    return [...new Set(chosen.map(({ subscribe_id }) => String(subscribe_id)))];
  };
  return {
    extensions: namesOf('extensions'),
    extensionGroups: namesOf('extensionGroups'),
    trunks: namesOf('trunks'),
    dids: namesOf('dids'),
  };
}

const NO_ORGANIZATION =
  'Asterisk has no organizations: use ext_group with a group of calls.extensionGroups, or extension';

/** A number where it says the same: clients of the original expect one. */
function idOf(name: string): string | number {
  const number = Number(name);
  return /^(0|[1-9]\d*)$/.test(name) && Number.isSafeInteger(number) ? number : name;
}

function rateOf(sampleRate: NonNullable<CompatibleUpdate['sample_rate']>): StreamingForm['sampleRate'] {
  if (sampleRate === 0) return 8000;
  return sampleRate === 1 ? 16_000 : sampleRate;
}

function bit(isOn: boolean): 0 | 1 {
  return isOn ? 1 : 0;
}
