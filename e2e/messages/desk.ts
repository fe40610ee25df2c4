// What every provider's desk is: a request comes in, an answer and perhaps a message come out.
import type { IncomingHttpHeaders } from 'node:http';

export type ProviderName = 'klaviyo' | 'twilio' | 'postscript' | 'ses';

export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A message as its recipient gets it. */
export interface Posted {
  readonly channel: 'email' | 'sms' | 'whatsapp';
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly uniqueId?: string;
  readonly id: string;
}

export interface Taken extends Posted {
  readonly provider: ProviderName;
  readonly at: string;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Desk {
  readonly name: ProviderName;
  readonly host: RegExp;
  answer(asked: Asked): { readonly answer: Answer; readonly message?: Posted };
}

export const refuse = (status: number, body: unknown, type?: string) => ({
  answer: { status, body, ...(type !== undefined && { type }) },
});

export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

export const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
