import { systemClients } from '../../core-client/clients.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';

export interface Unsubscribing {
  readonly channel: string;
  readonly shopName: string;
  readonly language: string;
}

/** What an unsubscribe link is about; undefined for a link that never was. Changes nothing. */
export const readUnsubscribe = (token: string): Promise<Unsubscribing | undefined> =>
  ofToken(token, (admin) => admin.readUnsubscribe({ token }));

/** Ends the messages that the link is about; again, when it is followed again. */
export const unsubscribe = (token: string): Promise<Unsubscribing | undefined> =>
  ofToken(token, (admin) => admin.unsubscribe({ token }));

const tokenShape = /^[\w-]{66}$/;
const merchantBytes = 16;

/** A token begins with the shop's id; that it is signed by the shop, core checks. */
async function ofToken(
  token: string,
  ask: (admin: ReturnType<typeof systemClients>['admin']) => Promise<Unsubscribing>,
): Promise<Unsubscribing | undefined> {
  if (!tokenShape.test(token)) return undefined;
  const hex = Buffer.from(token, 'base64url').subarray(0, merchantBytes).toString('hex');
  const merchantId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  try {
    return await ask(systemClients(merchantId).admin);
  } catch (error) {
    if (error instanceof CoreError && error.code === 'not_found') return undefined;
    throw error;
  }
}
