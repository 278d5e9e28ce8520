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

/** What somebody wants to do who has changes that are not saved, such as going to another view; undefined otherwise. */
export const wanted = signal<{ readonly goOn: () => void } | undefined>(undefined);

let hasUnsaved: () => boolean = () => false;

/** Asks this before another view is shown, and before the page is left. */
export function guardLeaving(check: () => boolean): void {
  hasUnsaved = check;
}

/** Does it now, or after the question about what is not saved. */
export function leaveBy(goOn: () => void): void {
  if (hasUnsaved()) wanted.value = { goOn };
  else goOn();
}

/** After the question has been answered. */
export function goOn(): void {
  const next = wanted.value;
  wanted.value = undefined;
  next?.goOn();
}

function show(hash: string): void {
  history.pushState(null, '', hash);
  route.value = routeOf(hash);
}

export function startRouter(): void {
  addEventListener('hashchange', () => {
    const { hash } = location;
    if (routeOf(hash).view !== route.value.view && hasUnsaved()) {
      history.replaceState(null, '', hashOf(route.value.view, route.value.detail));
      wanted.value = { goOn: () => show(hash) };
      return;
    }
    route.value = routeOf(hash);
  });
  addEventListener('beforeunload', (event) => {
    if (hasUnsaved()) event.preventDefault();
  });
}
