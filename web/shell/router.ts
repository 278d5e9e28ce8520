/** Which view is shown: the part of the address after `#`, so that any base path and any proxy will do. */
import { signal } from '@preact/signals';

export const VIEWS = ['streaming', 'live', 'calls', 'health', 'access'] as const;
export type View = (typeof VIEWS)[number];

export interface Route {
  readonly view: View;
  /** What follows the view, such as a callid; empty for the view itself. */
  readonly detail: string;
}

function isView(text: string | undefined): text is View {
  return VIEWS.some((view) => view === text);
}

export function routeOf(hash: string): Route {
  const [view, detail = ''] = hash.replace(/^#\/?/, '').split('/');
  if (!isView(view)) return { view: 'streaming', detail: '' };
  try {
    return { view, detail: decodeURIComponent(detail) };
  } catch {
    return { view, detail: '' };
  }
}

export function hashOf(view: View, detail = ''): string {
  return detail === '' ? `#/${view}` : `#/${view}/${encodeURIComponent(detail)}`;
}

export const route = signal<Route>(routeOf(location.hash));

/** Where somebody wants to go who has changes that are not saved; undefined otherwise. */
export const wantedHash = signal<string | undefined>(undefined);

let hasUnsaved: () => boolean = () => false;

/** Asks this before another view is shown, and before the page is left. */
export function guardLeaving(check: () => boolean): void {
  hasUnsaved = check;
}

/** Goes where it was wanted, after the question has been answered. */
export function goOn(): void {
  const hash = wantedHash.value;
  wantedHash.value = undefined;
  if (hash === undefined) return;
  history.pushState(null, '', hash);
  route.value = routeOf(hash);
}

export function startRouter(): void {
  addEventListener('hashchange', () => {
    const { hash } = location;
    if (routeOf(hash).view !== route.value.view && hasUnsaved()) {
      history.replaceState(null, '', hashOf(route.value.view, route.value.detail));
      wantedHash.value = hash;
      return;
    }
    route.value = routeOf(hash);
  });
  addEventListener('beforeunload', (event) => {
    if (hasUnsaved()) event.preventDefault();
  });
}
