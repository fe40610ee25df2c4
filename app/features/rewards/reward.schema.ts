import { z } from 'zod';
import { isPicture } from '../../../proto/shared/picture.rules.ts';
import type { Reward } from '#proto/points/v1/rewards.ts';
import { readTypedAmount } from '../../i18n/typed-amount.ts';
import { readTypedDecimal, readTypedWhole } from '../../i18n/typed-number.ts';
import { isPercent, shapeOf } from './reward-form.ts';
import {
  REWARD_CHANNELS,
  REWARD_DISCOUNTS,
  REWARD_KINDS,
  REWARD_MODES,
  REWARD_TARGETS,
} from '#vocabulary/rewards.ts';

const flag = z.enum(['true', 'false'], 'choice').transform((value) => value === 'true');
const whole = (message: string, min: number, max: number) =>
  z
    .string()
    .transform((text) => readTypedWhole(text.trim() || '0') ?? Number.NaN)
    .refine((value) => value >= min && value <= max, message);
/** Money or a percentage as people type it; which of the two, and whether it is needed, the rest of the form says. */
const typed = z
  .string()
  .trim()
  .regex(/^[\d\s.,'’]{0,40}$/, 'reward_amount');
const percentOf = (text: string): string => readTypedDecimal(text, 2) ?? '';
const https = z.url({ protocol: /^https$/ });
const idList = z.string().transform((text) => text.split(',').filter((id) => id !== ''));

const rewardForm = z
  .object({
    kind: z.enum(REWARD_KINDS, 'choice'),
    channel: z.enum(REWARD_CHANNELS, 'choice'),
    active: flag,
    titleEn: z.string().trim().min(1, 'required').max(120, 'too_long'),
    titleEs: z.string().trim().max(120, 'too_long'),
    titleFr: z.string().trim().max(120, 'too_long'),
    descriptionEn: z.string().trim().max(300, 'too_long'),
    descriptionEs: z.string().trim().max(300, 'too_long'),
    descriptionFr: z.string().trim().max(300, 'too_long'),
    pointsCost: whole('points_cost', 1, 1_000_000_000_000),
    currency: z.string().max(3).default(''),
    value: typed,
    discount: z.enum(REWARD_DISCOUNTS, 'choice'),
    mode: z.enum(REWARD_MODES, 'choice'),
    minPoints: whole('whole_number', 0, 1_000_000_000_000),
    maxPoints: whole('whole_number', 0, 1_000_000_000_000),
    appliesTo: z.enum(REWARD_TARGETS, 'choice'),
    collectionId: z.string(),
    productId: z.string(),
    variantId: z.string(),
    targetTitle: z.string().max(255),
    maxShipping: typed,
    minPurchase: typed,
    codePrefix: z
      .string()
      .trim()
      .toUpperCase()
      .regex(/^[A-Z0-9]{0,10}$/, 'code_prefix'),
    combineOrder: flag,
    combineProduct: flag,
    combineShipping: flag,
    expiresAfterDays: whole('expiry_days', 0, 3_650),
    tierIds: idList,
    segments: idList,
    iconUrl: z
      .string()
      .refine(
        (text) => text === '' || isPicture(text) || https.safeParse(text).success,
        'https_address',
      ),
  })
  .superRefine((form, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const shape = shapeOf(form);
    const money = (path: 'value' | 'maxShipping' | 'minPurchase') => {
      const amount = readTypedAmount(form[path], form.currency);
      if (amount === undefined || !(Number(amount) > 0)) refuse(path, 'reward_amount');
    };
    if (shape.hasAmount) money('value');
    if (form.kind === 'free_shipping' && form.maxShipping !== '') money('maxShipping');
    if (shape.isCode && form.minPurchase !== '') money('minPurchase');
    const percent = percentOf(form.value);
    if (isPercent(form) && !(percent !== '' && Number(percent) > 0 && Number(percent) <= 100))
      refuse('value', 'percent');
    if (form.kind === 'free_product' && form.variantId === '') refuse('variantId', 'product');
    if (shape.mayBeLimited && form.appliesTo === 'collection' && form.collectionId === '')
      refuse('collectionId', 'collection');
    if (form.mode !== 'incremental' || !shape.mayBeIncremental) return;
    if (form.minPoints % form.pointsCost !== 0) refuse('minPoints', 'steps');
    if (form.maxPoints % form.pointsCost !== 0) refuse('maxPoints', 'steps');
    if (form.maxPoints > 0 && form.maxPoints < Math.max(form.minPoints, form.pointsCost))
      refuse('maxPoints', 'max_below_min');
  });

type Parsed = { readonly reward: Reward } | { readonly fields: Record<string, string> };

/** The reward that the form describes, or a message key per invalid field. */
export function parseRewardForm(form: FormData, rewardId: string): Parsed {
  const parsed = rewardForm.safeParse(Object.fromEntries(form));
  if (!parsed.success) {
    const fields = Object.fromEntries(
      parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message]),
    );
    const isOfPercent = form.get('kind') === 'percent_off' || form.get('discount') === 'percent';
    if (isOfPercent && fields['value'] === 'reward_amount') fields['value'] = 'percent';
    return { fields };
  }
  const { data } = parsed;
  const words = (en: string, es: string, fr: string) =>
    Object.fromEntries(Object.entries({ en, es, fr }).filter(([, text]) => text !== ''));
  const shape = shapeOf(data);
  const money = (text: string) => readTypedAmount(text, data.currency) ?? '';
  return {
    reward: {
      rewardId,
      kind: data.kind,
      channel: data.channel,
      status: data.active ? 'active' : 'disabled',
      title: words(data.titleEn, data.titleEs, data.titleFr),
      description: words(data.descriptionEn, data.descriptionEs, data.descriptionFr),
      pointsCost: data.pointsCost,
      value: isPercent(data) ? percentOf(data.value) : shape.hasAmount ? money(data.value) : '',
      discount: data.discount,
      mode: data.mode,
      minPoints: data.minPoints,
      maxPoints: data.maxPoints,
      appliesTo: data.appliesTo,
      collectionId: data.collectionId,
      productId: data.productId,
      variantId: data.variantId,
      targetTitle: data.targetTitle,
      maxShipping: data.kind === 'free_shipping' ? money(data.maxShipping) : '',
      minPurchase: shape.isCode ? money(data.minPurchase) : '',
      codePrefix: data.codePrefix,
      combinesWith: {
        order: data.combineOrder,
        product: data.combineProduct,
        shipping: data.combineShipping,
      },
      expiresAfterDays: data.expiresAfterDays,
      tierIds: data.tierIds,
      segments: data.segments,
      iconUrl: data.iconUrl,
      // Core's own.
      currency: '',
      position: 0,
      createdAt: '',
      updatedAt: '',
      redeemed: 0,
      used: 0,
      pointsSpent: 0,
      revision: '',
    },
  };
}
