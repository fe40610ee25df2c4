import { createHmac } from 'node:crypto';

export interface SignedEvent {
  readonly id: string;
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The headers of Standard Webhooks: each secret signs id, time and body, so that a receiver verifies with the one that
 * it has.
 * @param secrets of the form whsec_<base64>
 */
export function signedHeaders(
  { id, timestamp, body }: SignedEvent,
  secrets: readonly string[],
): Record<string, string> {
  const text = `${id}.${timestamp}.${body}`;
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}
