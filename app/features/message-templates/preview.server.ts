import type { z } from 'zod';
import { segmentsOf, type Segments } from '../../../proto/shared/messages/segments.ts';
import { env } from '../../env.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { Refusal } from '../../dashboard/refusal.ts';
import { picturesAddress } from '../../files/pictures.ts';
import type { MessageShop } from '../../messaging/render/message.ts';
import { renderMessage, type RenderedMessage } from '../../messaging/render/render-message.ts';
import { sampleValues } from './sample-values.ts';
import { parseJson, previewForm } from './templates.schema.ts';

/** What the editor shows beside the form. */
export interface MessagePreviewAnswer {
  readonly ok: true;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Of a text message. */
  readonly segments: Segments;
}

/** A message as the worker would send it, with a sample's values or a member's. Nothing is saved and nothing sent. */
export async function previewMessage(
  merchant: MerchantRequest,
  form: FormData,
): Promise<Response | Refusal> {
  const typed = parseJson(previewForm, form.get('message'));
  if (typed === undefined) return refused(merchant, {});
  const rendered = await renderDraft(merchant, typed);
  return Response.json({
    ok: true,
    subject: rendered.subject,
    html: rendered.html.replace('<head>', `<head>${POLICY}`),
    text: rendered.text,
    segments: segmentsOf(typed.channel === 'email' ? '' : rendered.text),
  } satisfies MessagePreviewAnswer);
}

interface Draft extends RenderedMessage {
  readonly shop: MessageShop;
  readonly variables: Readonly<Record<string, string>>;
}

/** What the merchant has typed, with a sample's values or a member's, as its reader would get it. */
export async function renderDraft(
  merchant: MerchantRequest,
  { type, channel, language, content, customerId }: z.output<typeof previewForm>,
): Promise<Draft> {
  const [shop, member] = await Promise.all([
    messageShop(merchant),
    customerId === '' ? undefined : merchant.core.admin.getCustomer({ customerId }),
  ]);
  const variables = {
    ...sampleValues(language, new Date()),
    shop_name: shop.name,
    shop_url: shop.url,
    referral_url: `${shop.url}/apps/loyalnest/r/EXAMPLE`,
    ...(member?.customer && {
      first_name: member.customer.firstName,
      points_balance: String(member.customer.balance?.available ?? 0),
    }),
  };
  const rendered = await renderMessage({
    type,
    channel,
    language,
    content,
    variables,
    shop,
    unsubscribeUrl: shop.url,
  });
  return { ...rendered, shop, variables };
}

/** Beside the frame's sandbox: a mail runs nothing and loads nothing but pictures. */
const POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https:">`;

async function messageShop({
  core,
  merchantId,
  shopDomain,
}: MerchantRequest): Promise<MessageShop> {
  const [{ settings }, { content }] = await Promise.all([
    core.admin.getSettings({}),
    core.frontend.getContent({}),
  ]);
  const merchant = settings?.merchant;
  if (merchant === undefined) throw new CoreError('not_found', { field: 'merchant' });
  return {
    name: merchant.name || shopDomain,
    url: `https://${shopDomain}`,
    address: '',
    timeZone: merchant.timezone || 'UTC',
    currency: merchant.currency,
    pointsNames: settings?.pointsName ?? {},
    color: content?.panel?.color ?? '',
    logo: content?.panel?.logoUrl ?? '',
    picturesUrl: picturesAddress(merchantId, env().SHOPIFY_APP_URL),
  };
}
