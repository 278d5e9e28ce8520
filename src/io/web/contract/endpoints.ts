/** The addresses of the API, under the base path; the page and the server read them from here. */

export const API = {
  session: '/api/v1/session',
  setup: '/api/v1/setup',
  password: '/api/v1/session/password',
  users: '/api/v1/users',
  user: '/api/v1/users/:name',
  tokens: '/api/v1/tokens',
  token: '/api/v1/tokens/:id',
  audit: '/api/v1/audit',
  settings: '/api/v1/settings',
  settingsTest: '/api/v1/settings/test',
  settingsVersions: '/api/v1/settings/versions',
  settingsRestore: '/api/v1/settings/versions/:revision/restore',
  subscriptionObjects: '/api/v1/subscription-objects',
  runningCalls: '/api/v1/calls',
  recentCalls: '/api/v1/calls/recent',
  call: '/api/v1/calls/:callid',
  callStreaming: '/api/v1/calls/:callid/streaming',
  callPause: '/api/v1/calls/:callid/pause',
  participantPause: '/api/v1/calls/:callid/participants/:channelid/pause',
  /** A WebSocket. */
  callAudio: '/api/v1/calls/:callid/audio',
  /** A WebSocket. */
  live: '/api/v1/live',
  health: '/api/v1/health',
  log: '/api/v1/log',
  openapi: '/api/v1/openapi.json',
  reference: '/api/v1',
} as const;

/** The addresses of the compatible API, as its clients know them. */
export const COMPATIBLE_API = {
  get: '/openapi/v1.0/websocketaudiostream/get',
  update: '/openapi/v1.0/websocketaudiostream/update',
  others: '/openapi/*',
} as const;
