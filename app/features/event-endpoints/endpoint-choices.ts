// For browsers, too: the form's schema needs the network's module and stays on the server.

/** What may be wrong with a field; each has a sentence on the page. */
export const ENDPOINT_PROBLEMS = [
  'invalid',
  'https',
  'port',
  'private',
  'events',
  'description',
  'limit',
  'since',
] as const;
export type EndpointProblem = (typeof ENDPOINT_PROBLEMS)[number];

/** How far back events can be sent again, in hours. */
export const REPLAY_HOURS = ['1', '24', '168', '720'] as const;
