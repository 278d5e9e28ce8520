/** Where state is kept when nobody says so: https://specifications.freedesktop.org/basedir-spec/. */

const FOLDER = 'ari-audio-stream';

/** The folder that systemd made for the service, else the one for state in the user's home, else one right here. */
export function defaultStateDir(environment: Readonly<Record<string, string | undefined>>): string {
  const { STATE_DIRECTORY: fromSystemd, XDG_STATE_HOME: stateHome, HOME: home } = environment;
  // A service with several state folders gets them in one variable, with colons between.
  const [first] = (fromSystemd ?? '').split(':');
  if (first) return first;
  // The specification: a relative path is to be ignored.
  if (stateHome?.startsWith('/')) return `${stateHome}/${FOLDER}`;
  return home ? `${home}/.local/state/${FOLDER}` : `./${FOLDER}-state`;
}
