/** Makes channels, subscriptions and call trackers for tests, and puts a tracker's orders into words. */
import type { CallOutput, CallTrackerSettings } from '../src/core/call/call-events.js';
import { CallTracker } from '../src/core/call/call-tracker.js';
import type { Channel } from '../src/core/call/channel.js';
import { CallflowRules } from '../src/core/call/channel-callflow.js';
import { globMatcher, matcherOf } from '../src/core/call/name-pattern.js';
import { type SubscriptionLists, Subscriptions } from '../src/core/call/subscriptions.js';

export const channel = (name: string, more: Partial<Channel> = {}): Channel => ({
  id: name,
  name: `PJSIP/${name}-00000001`,
  isUp: false,
  number: name,
  homeContext: undefined,
  context: '',
  exten: '',
  application: '',
  applicationData: '',
  linkedid: '100.1',
  fromDid: undefined,
  ...more,
});
export const subscribed = (lists: Partial<SubscriptionLists>) =>
  new Subscriptions(
    {
      enableExtensions: true,
      enableExtensionGroups: true,
      enableTrunks: true,
      enableDids: true,
      extensions: [],
      extensionGroups: [],
      trunks: [],
      dids: [],
      ...lists,
    },
    { sales: ['1001', '_20XX'] },
  );
export const settings = (
  lists: Partial<SubscriptionLists>,
  more: Partial<CallTrackerSettings> = {},
): CallTrackerSettings => ({
  subscriptions: subscribed(lists),
  rules: {
    technologies: new Set(['PJSIP']),
    isTrunkName: matcherOf(['trunk-a']),
    isTrunkContext: globMatcher(['from-trunk*']),
    callflows: new CallflowRules([]),
  },
  earlyMedia: false,
  ...more,
});
export const trackerOf = (...wanted: Parameters<typeof settings>) => new CallTracker(settings(...wanted));
export const tracker = (...extensions: string[]) => trackerOf({ extensions });
export const seen = (outputs: CallOutput[]) =>
  outputs.map((output) => {
    switch (output.kind) {
      case 'arm':
        return `arm ${output.channel.id}`;
      case 'open':
        return `open ${output.channel.id} in ${output.callid} as ${output.number}`;
      case 'call-over':
        return `over ${output.callid}`;
      case 'move':
        return `move ${output.channelId} to ${output.callid}`;
      case 'callflow':
        return `${output.callid} is in ${output.callflow || 'nothing'}`;
      default:
        return `${output.kind} ${output.channelId}`;
    }
  });
