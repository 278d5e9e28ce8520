/** The frame around the views: navigation, who is signed in, light or dark, news, and the state of the connection. */
import { useEffect, useRef } from 'preact/hooks';
import { AccessView } from '../access/access-view.js';
import { liveLink } from '../api/live-link.js';
import { CallsView } from '../calls/calls-view.js';
import { health } from '../health/health.js';
import { HealthView } from '../health/health-view.js';
import { ListenBar } from '../listen/listen-bar.js';
import { LiveView } from '../live/live-view.js';
import { runningCalls } from '../live/running.js';
import { Badge } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { Icon, type IconName } from '../parts/icon.js';
import { session, signOut, user } from '../session/session.js';
import { SignInAgain } from '../session/sign-in-again.js';
import { isDirty } from '../streaming/streaming-form.js';
import { StreamingView } from '../streaming/streaming-view.js';
import { Brand } from './brand.js';
import { LeaveDialog } from './leave-dialog.js';
import { Notices } from './notices-list.js';
import { hashOf, leaveBy, route, type View } from './router.js';
import { Schemes } from './schemes.js';

const NAVIGATION: readonly { view: View; name: string; short: string; icon: IconName }[] = [
  { view: 'streaming', name: 'Audio Streaming', short: 'Streaming', icon: 'streaming' },
  { view: 'live', name: 'Live', short: 'Live', icon: 'live' },
  { view: 'calls', name: 'Calls', short: 'Calls', icon: 'calls' },
  { view: 'health', name: 'Health', short: 'Health', icon: 'health' },
  { view: 'access', name: 'Access', short: 'Access', icon: 'access' },
];

const VIEW_OF: Readonly<Record<View, () => preact.JSX.Element>> = {
  streaming: StreamingView,
  live: LiveView,
  calls: CallsView,
  health: HealthView,
  access: AccessView,
};

export function Shell() {
  const main = useRef<HTMLElement>(null);
  const { view } = route.value;
  const Current = VIEW_OF[view];
  useEffect(() => () => scrollTo(0, 0), [view]);
  return (
    <div class="shell">
      <button type="button" class="button skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header class="side">
        <Brand words={session.value?.version} />
        <nav class="nav" aria-label="Views">
          <ul>
            {NAVIGATION.map(({ view: one, name, short, icon }) => (
              <li key={one}>
                <a href={hashOf(one)} aria-current={one === view ? 'page' : undefined}>
                  <Icon name={icon} />
                  <span class="wide-only">{name}</span>
                  <span class="narrow-only">{short}</span>
                  <NavBadge view={one} />
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="side-end">
          <Schemes />
          <div class="who">
            <span title={user.value?.name}>{user.value?.name}</span>
            <Button icon="out" label="Sign out" onPress={() => leaveBy(() => void signOut())} />
          </div>
        </div>
      </header>
      <main ref={main} tabIndex={-1}>
        {liveLink.value === 'lost' && (
          <div class="banner" role="alert">
            <Icon name="alert" />
            The connection to the program is lost. Trying again …
          </div>
        )}
        <Current />
        <ListenBar />
      </main>
      <LeaveDialog />
      <SignInAgain />
      <Notices />
    </div>
  );
}

function NavBadge({ view }: { readonly view: View }) {
  const calls = runningCalls.value.length;
  if (view === 'live' && calls > 0) {
    return (
      <Badge tone="accent">
        {calls}
        <span class="hidden-text"> running</span>
      </Badge>
    );
  }
  const isTroubled = [health.value?.asterisk.state, health.value?.receiver.state].includes('trouble');
  if (view === 'health' && isTroubled) {
    return (
      <Badge tone="bad">
        !<span class="hidden-text"> needs attention</span>
      </Badge>
    );
  }
  if (view === 'streaming' && isDirty.value) {
    return (
      <Badge tone="warn">
        •<span class="hidden-text"> unsaved changes</span>
      </Badge>
    );
  }
  return null;
}
