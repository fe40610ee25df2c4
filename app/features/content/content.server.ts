import type { Content, ContentVersion } from '#proto/frontend/v1/content.ts';
import { analytics } from '../../analytics/posthog.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { Refusal } from '../../dashboard/refusal.ts';
import { hasPicture } from '../../files/pictures.server.ts';
import { LANGUAGES, languageOfTag, type Language } from '../../i18n/languages.ts';
import type { Words } from './content-form.ts';
import { fieldsOfRefusal, parseContentForm } from './content.schema.ts';
import { panelWords } from './widget-assets.server.ts';

export interface ContentData {
  readonly content: Content;
  readonly version: number;
  /** Newest first; empty until something was saved. */
  readonly versions: readonly ContentVersion[];
  readonly defaultLanguage: Language;
  /** The widget's own words, with their blanks. */
  readonly widgetWords: Readonly<
    Record<'launcher' | 'rewards' | 'guest_text' | 'earned_text', Words>
  >;
}

export type ContentSaved =
  { readonly ok: true; readonly intent: 'save' | 'restore'; readonly version: number } | Refusal;

export async function loadContent({ core }: MerchantRequest): Promise<ContentData> {
  const { content, version, versions, defaultLanguage } = await core.frontend.getContent({});
  if (content === undefined) throw new CoreError('not_found', { field: 'content' });
  return {
    content,
    version,
    versions,
    defaultLanguage: languageOfTag(defaultLanguage),
    widgetWords: {
      launcher: wordIn('launcher'),
      rewards: wordIn('rewards'),
      guest_text: wordIn('guest_text'),
      earned_text: wordIn('earned_text'),
    },
  };
}

function wordIn(key: string): Words {
  return Object.fromEntries(
    LANGUAGES.map((language) => [language, panelWords(language)[key] ?? '']),
  ) as Words;
}

export async function changeContent(
  merchant: MerchantRequest,
  form: FormData,
): Promise<ContentSaved> {
  return form.get('intent') === 'restore' ? restore(merchant, form) : save(merchant, form);
}

async function save(merchant: MerchantRequest, form: FormData): Promise<ContentSaved> {
  const typed = form.get('content');
  const version = Number(form.get('version'));
  const parsed = parseContentForm(typeof typed === 'string' ? typed : '');
  if ('fields' in parsed) return refused(merchant, parsed.fields);
  if (!isVersion(version)) return refused(merchant, {});
  if (!(await hasPicture(merchant.merchantId, parsed.content.panel?.logoUrl ?? '')))
    return refused(merchant, { 'panel.logo_url': 'picture_gone' });
  const { frontend } = merchant.core;
  try {
    const { content: before } = await frontend.getContent({});
    const saved = await frontend.updateContent({ content: parsed.content, version });
    tell(merchant.merchantId, before, parsed.content, saved.version);
    return { ok: true, intent: 'save', version: saved.version };
  } catch (error) {
    const fields = error instanceof CoreError ? fieldsOfRefusal(error.field) : {};
    if (Object.keys(fields).length === 0) throw error;
    return refused(merchant, fields);
  }
}

async function restore(merchant: MerchantRequest, form: FormData): Promise<ContentSaved> {
  const version = Number(form.get('version'));
  const currentVersion = Number(form.get('currentVersion'));
  if (!isVersion(version) || !isVersion(currentVersion)) return refused(merchant, {});
  const { frontend } = merchant.core;
  const { content: before } = await frontend.getContent({});
  const restored = await frontend.restoreContent({ version, currentVersion });
  if (restored.content !== undefined)
    tell(merchant.merchantId, before, restored.content, restored.version);
  return { ok: true, intent: 'restore', version: restored.version };
}

const isVersion = (value: number) => Number.isSafeInteger(value) && value > 0;

function tell(
  merchantId: string,
  before: Content | undefined,
  after: Content,
  version: number,
): void {
  const capture = (name: string, properties: Record<string, string | number | boolean>) =>
    analytics().capture({ merchantId, name, properties });
  capture('content_updated', { version });
  const [was, bar] = [before?.stickyBar, after.stickyBar];
  if (JSON.stringify(was) !== JSON.stringify(bar))
    capture('sticky_bar_configured', { enabled: bar?.enabled ?? false });
  if (after.checkoutPointsDisplay && before?.checkoutPointsDisplay === false)
    capture('checkout_extension_enabled', { version });
}
