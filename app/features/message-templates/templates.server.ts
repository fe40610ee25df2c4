import type { MessageTemplate } from '#proto/admin/v1/message_templates.ts';
import { parseMailDocument } from '../../../proto/shared/messages/blocks.ts';
import { analytics } from '../../analytics/posthog.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { Refusal } from '../../dashboard/refusal.ts';
import { hasPicture } from '../../files/pictures.server.ts';
import { LANGUAGES } from '../../i18n/languages.ts';
import { defaultContent } from '../../messaging/render/words-of.ts';
import { SENT_TYPES, type DefaultContents, type SentType } from './template-form.ts';
import { parseJson, templateForm, templateType } from './templates.schema.ts';
import { sendTest, type TestSent } from './test-send.server.ts';

export interface TemplatesData {
  readonly templates: readonly {
    readonly type: SentType;
    readonly version: number;
    readonly enabled: boolean;
    /** In which the merchant wrote words of their own. */
    readonly languages: readonly string[];
  }[];
}

export async function loadTemplates({ core }: MerchantRequest): Promise<TemplatesData> {
  const { templates } = await core.admin.listMessageTemplates({});
  return {
    templates: SENT_TYPES.flatMap((type) => {
      const template = templates.find((each) => each.type === type);
      if (template === undefined) return [];
      const { version, enabled, contents } = template;
      return [{ type, version, enabled, languages: contents.map(({ language }) => language) }];
    }),
  };
}

export type Switched = { readonly ok: true; readonly type: SentType } | Refusal;

/** Switches a type on or off; its words stay. */
export async function switchTemplate(merchant: MerchantRequest, form: FormData): Promise<Switched> {
  const type = templateType.safeParse(form.get('type')).data;
  if (type === undefined) return refused(merchant, { type: 'choice' });
  const { admin } = merchant.core;
  const { template } = await admin.getMessageTemplate({ type });
  if (template === undefined) throw new CoreError('not_found', { field: 'type' });
  await admin.updateNotificationTemplate({
    template: { ...template, enabled: form.get('enabled') === 'true' },
  });
  return { ok: true, type };
}

export interface TemplateData {
  readonly type: SentType;
  readonly template: MessageTemplate;
  readonly defaults: DefaultContents;
  /** Some of the newest members, whose values the preview can show. */
  readonly members: readonly { readonly customerId: string; readonly name: string }[];
}

export async function loadTemplate({ core, params }: MerchantRequest): Promise<TemplateData> {
  const type = templateType.safeParse(params.type).data;
  if (type === undefined) throw new CoreError('not_found', { field: 'type' });
  const [{ template }, { customers }] = await Promise.all([
    core.admin.getMessageTemplate({ type }),
    core.admin.getCustomers({ page: { pageSize: 5 } }),
  ]);
  if (template === undefined) throw new CoreError('not_found', { field: 'type' });
  return {
    type,
    template,
    defaults: Object.fromEntries(
      LANGUAGES.map((language) => [language, defaultContent(type, language)]),
    ) as unknown as DefaultContents,
    members: customers
      .map(({ customerId, firstName, lastName }) => ({
        customerId,
        name: `${firstName} ${lastName}`.trim(),
      }))
      .filter(({ name }) => name !== ''),
  };
}

export type TemplateSaved = { readonly ok: true; readonly version: number } | Refusal;

/** Saves the words, takes them all back, or sends them to the merchant as they stand. */
export async function changeTemplate(
  merchant: MerchantRequest,
  form: FormData,
): Promise<TemplateSaved | TestSent> {
  const intent = form.get('intent');
  if (intent === 'test') return sendTest(merchant, form);
  return intent === 'reset' ? resetTemplate(merchant, form) : saveTemplate(merchant, form);
}

/** The product's own words again, in every language. */
async function resetTemplate(merchant: MerchantRequest, form: FormData): Promise<TemplateSaved> {
  const type = templateType.safeParse(merchant.params.type).data;
  const version = Number(form.get('version'));
  if (type === undefined || !Number.isSafeInteger(version) || version < 0)
    return refused(merchant, {});
  const { template } = await merchant.core.admin.resetMessageTemplate({
    type,
    language: '',
    version,
  });
  return { ok: true, version: template?.version ?? version };
}

async function saveTemplate(merchant: MerchantRequest, form: FormData): Promise<TemplateSaved> {
  const type = templateType.safeParse(merchant.params.type).data;
  const typed = parseJson(templateForm, form.get('template'));
  const version = Number(form.get('version'));
  if (type === undefined || typed === undefined || !Number.isSafeInteger(version) || version < 0)
    return refused(merchant, {});
  for (const { language, blocks } of typed.contents)
    for (const [place, block] of (parseMailDocument(blocks)?.blocks ?? []).entries())
      if (block.type === 'image' && !(await hasPicture(merchant.merchantId, block.picture)))
        return refused(merchant, { [`${language}.blocks.${place}.picture`]: 'picture_gone' });
  try {
    const { template } = await merchant.core.admin.updateNotificationTemplate({
      template: { type, version, ...typed },
    });
    analytics().capture({
      merchantId: merchant.merchantId,
      name: 'template_edited',
      properties: { type, languages: typed.contents.length, enabled: typed.enabled },
    });
    return { ok: true, version: template?.version ?? version };
  } catch (error) {
    const field = error instanceof CoreError ? error.field : '';
    if (!field.startsWith('contents.')) throw error;
    return refused(merchant, { [field.slice('contents.'.length)]: 'invalid' });
  }
}
