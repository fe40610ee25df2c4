export interface StreamEvent {
  /** `message` where the stream names none. */
  readonly name: string;
  readonly data: string;
}

/**
 * Reads server-sent events from text that comes in pieces of any size. EventSource, which browsers have for this, cannot
 * send the session token of an embedded app.
 * @returns what takes the next piece and gives the events that it completed; comments complete none
 */
export function createEventReader(): (piece: string) => StreamEvent[] {
  let rest = '';
  let name = '';
  let data: string[] = [];
  return (piece) => {
    const events: StreamEvent[] = [];
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) events.push({ name: name || 'message', data: data.join('\n') });
        name = '';
        data = [];
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon === -1 ? line : line.slice(0, colon);
      const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'data') data.push(value);
      if (field === 'event') name = value;
    }
    return events;
  };
}
