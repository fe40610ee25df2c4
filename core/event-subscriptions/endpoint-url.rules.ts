const longest = 2_000;

/**
 * Whether events may be sent to an address at all. Whether it leads out of our network is decided where it is sent
 * from, by what its name resolves to at that moment.
 */
export function isEndpointUrl(text: string): boolean {
  if (text.length > longest || !URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    url.hash === ''
  );
}
