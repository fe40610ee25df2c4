import type { ProviderAccess } from '#proto/admin/v1/messages.ts';
import type { Encryption } from '../shared/encryption.ts';
import { providerOf, type MessageSettings } from './message-settings.rules.ts';
import { credentialsOf, usableOf, type ProviderRow } from './settings.store.ts';
import type { MessageChannel } from '#vocabulary/messages.ts';

/** The one that carries the channel, and SES for when that one is away. */
export function carriersOf(
  encryption: Encryption,
  merchantId: string,
  channel: MessageChannel,
  settings: MessageSettings,
  rows: readonly ProviderRow[],
): ProviderAccess[] {
  const usable = usableOf(rows);
  const first = providerOf(settings, channel, usable);
  if (first === undefined) return [];
  const names =
    settings.fallback && first !== 'ses' && usable.has('ses') ? [first, 'ses'] : [first];
  return names.flatMap((name) => {
    const row = rows.find(({ platform }) => platform === name);
    return row === undefined
      ? []
      : [{ provider: name, credentials: credentialsOf(encryption, merchantId, row) }];
  });
}
