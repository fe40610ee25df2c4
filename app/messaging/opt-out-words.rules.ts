/** What someone who answers a text message wants. */
type Reply = 'stop' | 'start' | 'help';

/** Whatever follows them: "Stop texting me" is as clear as "STOP" (47 CFR 64.1200(a)(10)). */
const STOP_FIRST: ReadonlySet<string> = new Set([
  'STOP',
  'STOPALL',
  'UNSUBSCRIBE',
  'OPTOUT',
  'REVOKE',
  'ARRET',
  'BAJA',
]);
/** Alone: they begin sentences that mean something else. */
const STOP_ALONE: ReadonlySet<string> = new Set(['END', 'QUIT', 'CANCEL', 'ALTO', 'PARAR']);
const START_ALONE: ReadonlySet<string> = new Set(['START', 'UNSTOP', 'YES', 'SI', 'OUI']);
const HELP_ALONE: ReadonlySet<string> = new Set(['HELP', 'INFO', 'AYUDA', 'AIDE']);

/** Twilio's words, and the same in the languages that we write. Undefined for what is a message to the shop. */
export function replyIn(text: string): Reply | undefined {
  const words = text
    .slice(0, 200)
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toUpperCase()
    .replace(/\bOPT[\s-]*OUT\b/g, 'OPTOUT')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const [first = ''] = words;
  if (STOP_FIRST.has(first)) return 'stop';
  if (words.length !== 1) return undefined;
  if (STOP_ALONE.has(first)) return 'stop';
  if (START_ALONE.has(first)) return 'start';
  return HELP_ALONE.has(first) ? 'help' : undefined;
}
