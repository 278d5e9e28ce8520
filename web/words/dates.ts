/** Points in time as people of this place write them. */

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const IN_FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

export function timeOf(iso: string): string {
  return TIME.format(new Date(iso));
}

export function dayOf(iso: string): string {
  return DAY.format(new Date(iso));
}

/** With the day unless it is today. */
export function momentOf(iso: string, now: number): string {
  const date = new Date(iso);
  return date.toDateString() === new Date(now).toDateString() ? TIME.format(date) : DAY_AND_TIME.format(date);
}

/** To the second, with the time zone: for what is shown on pointing at a date. */
export function fullDateOf(iso: string): string {
  return IN_FULL.format(new Date(iso));
}
