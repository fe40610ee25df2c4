import type { Content } from '#proto/frontend/v1/content.ts';
import { CoreError } from '../../../core-client/errors.server.ts';
import type { MerchantRequest } from '../../../dashboard/merchant-request.server.ts';
import { languageOfTag, type Language } from '../../../i18n/languages.ts';
import type { PreviewSample } from './storefront-preview.tsx';

type Samples = Readonly<Record<Language, PreviewSample>>;

export interface LivePreviewData {
  /** Null while it cannot be had: the form beside it goes on. */
  readonly shop: {
    readonly content: Content;
    readonly defaultLanguage: Language;
    readonly samples: Samples;
  } | null;
}

export const noPreview: LivePreviewData = { shop: null };

/** The shop's own look and program, for the storefront beside a form. */
export async function loadLivePreview(
  { core }: MerchantRequest,
  samples: Promise<Samples>,
): Promise<LivePreviewData> {
  const [{ content, defaultLanguage }, shown] = await Promise.all([
    core.frontend.getContent({}),
    samples,
  ]);
  if (content === undefined) throw new CoreError('not_found', { field: 'content' });
  return {
    shop: { content, defaultLanguage: languageOfTag(defaultLanguage), samples: shown },
  };
}
