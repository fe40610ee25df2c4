import { appUrl } from '../../shared/app-url.ts';
import { createAppClient } from '../../shared/app-client.ts';
import type { AppClient } from '../../shared/app-client.ts';

interface Host {
  readonly sessionToken: { get(): Promise<string> };
  readonly localization: {
    readonly extensionLanguage: { readonly value: { readonly isoCode: string } };
  };
}

export const localeOf = (api: Host): string => api.localization.extensionLanguage.value.isoCode;

export const clientOf = (api: Host): AppClient =>
  createAppClient({
    appUrl,
    token: () => api.sessionToken.get(),
    locale: () => localeOf(api),
  });
