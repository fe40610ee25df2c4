import { z } from 'zod';
import { readTypedAmount } from '../../i18n/typed-amount.ts';
import { readTypedDecimal, readTypedWhole } from '../../i18n/typed-number.ts';
import type { CampaignDiscount, CampaignDraft } from '#proto/points/v1/campaigns.ts';
import { CAMPAIGN_KINDS, needsSegment, type CampaignKind } from './campaign-form.ts';
import { CAMPAIGN_DISCOUNTS, CAMPAIGN_TRIGGERS, REGIONS } from '#vocabulary/campaigns.ts';
import { SEGMENTS } from '#vocabulary/segments.ts';

const flag = z.enum(['true', 'false'], 'choice').transform((value) => value === 'true');
const whole = (min: number, max: number, message: string) =>
  z
    .string()
    .transform((text) => readTypedWhole(text) ?? Number.NaN)
    .refine((value) => value >= min && value <= max, message);
const decimal = (places: number, message: string) =>
  z
    .string()
    .transform((text) => readTypedDecimal(text, places) ?? '')
    .pipe(z.string().min(1, { error: message, abort: true }));
const isMore = (amount: string) => /[1-9]/.test(amount);
const list = <Item extends z.ZodType<string, string>>(item: Item) =>
  z
    .string()
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(item).max(250, 'choice'));
const local = z
  .string()
  .trim()
  .regex(/^(\d{4}-\d\d-\d\dT\d\d:\d\d)?$/, 'campaign_time');

const points = whole(1, 1_000_000, 'campaign_points');
const trigger = z.enum(CAMPAIGN_TRIGGERS, 'choice');
/** What each kind asks for; the fields of the others are not looked at. */
const effects = {
  multiplier: z.object({
    multiplier: decimal(2, 'campaign_multiplier').refine(
      (text) => Number(text) >= 1.01 && Number(text) <= 100,
      'campaign_multiplier',
    ),
  }),
  bonus: z.object({ points }),
  goal: z.object({
    points,
    goalAmount: decimal(4, 'campaign_amount').refine(isMore, 'campaign_goal'),
  }),
  discount: z
    .object({
      discount: z.enum(CAMPAIGN_DISCOUNTS, 'choice'),
      discountValue: decimal(4, 'campaign_amount').refine(isMore, 'campaign_goal'),
      expiryDays: whole(0, 3_650, 'campaign_cooldown'),
      endsWithCampaign: flag,
    })
    .refine(
      ({ discount, discountValue }) =>
        discount === 'amount_off' || /^(100(\.0+)?|\d{1,2}(\.\d{1,2})?)$/.test(discountValue),
      { path: ['discountValue'], message: 'percent' },
    ),
  lifecycle: z.object({
    points,
    trigger,
    segment: z.enum(SEGMENTS, 'choice'),
    cooldownDays: whole(0, 3_650, 'campaign_cooldown'),
  }),
} as const;

const translation = z.string().trim().max(100, 'campaign_translation').default('');

const common = z
  .object({
    name: z.string().trim().min(1, 'campaign_name').max(100, 'campaign_name'),
    nameEs: translation,
    nameFr: translation,
    kind: z.enum(CAMPAIGN_KINDS, 'choice'),
    published: flag,
    startLocal: local,
    endLocal: local,
    segments: list(z.enum(SEGMENTS, 'choice')),
    tierIds: list(z.uuid('choice')),
    countries: list(z.string().regex(/^[A-Z]{2}$/, 'choice')),
    regions: list(z.enum(REGIONS, 'choice')),
    minSpend: z.union([z.literal(''), decimal(4, 'campaign_amount')], 'campaign_amount'),
  })
  .refine(
    ({ startLocal, endLocal }) => startLocal === '' || endLocal === '' || endLocal > startLocal,
    { path: ['endLocal'], message: 'campaign_end' },
  );

type Parsed = { draft: CampaignDraft } | { fields: Record<string, string> };

/** The campaign that the form describes, or a message key per invalid field. */
export function parseCampaignForm(form: FormData | URLSearchParams): Parsed {
  const entries = Object.fromEntries(form);
  const textIn = (name: string) => {
    const value = entries[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const currency = textIn('currency');
  const amounts = ['goalAmount', 'minSpend'];
  if (entries['discount'] === 'amount_off') amounts.push('discountValue');
  for (const name of amounts) {
    const typed = textIn(name);
    // What is no amount of the currency stays something that no number is, and that is not taken for zero.
    if (typed !== '') entries[name] = readTypedAmount(typed, currency) ?? '1?';
  }
  const base = common.safeParse(entries);
  const kind = CAMPAIGN_KINDS.find((name) => name === entries['kind']);
  const effect = kind === undefined ? undefined : effects[kind].safeParse(entries);
  const issues = [...(base.error?.issues ?? []), ...(effect?.error?.issues ?? [])];
  if (!base.success || !effect?.success)
    return {
      fields: Object.fromEntries(
        issues.map((issue) => [String(issue.path[0] ?? ''), issue.message]),
      ),
    };
  const { data } = base;
  const given: {
    multiplier?: string;
    points?: number;
    goalAmount?: string;
    trigger?: z.output<typeof trigger>;
    segment?: string;
    cooldownDays?: number;
    discount?: string;
    discountValue?: string;
    expiryDays?: number;
    endsWithCampaign?: boolean;
  } = effect.data;
  return {
    draft: {
      name: data.name,
      translations: Object.fromEntries(
        Object.entries({ es: data.nameEs, fr: data.nameFr }).filter(([, text]) => text !== ''),
      ),
      type: types[data.kind],
      published: data.published,
      multiplier: given.multiplier ?? '',
      startLocal: data.startLocal,
      endLocal: data.endLocal,
      rewardPoints: given.points ?? 0,
      discount: discountOf(given),
      conditions: {
        segments: data.segments,
        tierIds: data.tierIds,
        countries: data.countries,
        regions: data.regions,
        minSpend: data.minSpend,
        goalAmount: given.goalAmount ?? '',
        trigger: given.trigger ?? '',
        segment: given.trigger && needsSegment(given.trigger) ? (given.segment ?? '') : '',
        cooldownDays: given.trigger === 'first_order' ? 0 : (given.cooldownDays ?? 0),
      },
    },
  };
}

/** A bonus on each order is a goal without an amount. */
const types: Readonly<Record<CampaignKind, string>> = {
  multiplier: 'double_points',
  bonus: 'goal_spend',
  goal: 'goal_spend',
  discount: 'discount',
  lifecycle: 'lifecycle',
};

const discountOf = (given: {
  discount?: string;
  discountValue?: string;
  expiryDays?: number;
  endsWithCampaign?: boolean;
}): CampaignDiscount | undefined =>
  given.discount === undefined
    ? undefined
    : {
        kind: given.discount,
        value: given.discountValue ?? '',
        expiresAfterDays: given.expiryDays ?? 0,
        endsWithCampaign: given.endsWithCampaign ?? false,
      };

/** Fields of core's message that the form shows, with the words for what core alone can know. */
const refusals: Readonly<Record<string, readonly [string, string]>> = {
  'campaign.name': ['name', 'campaign_name'],
  'campaign.translations.es': ['nameEs', 'campaign_translation'],
  'campaign.translations.fr': ['nameFr', 'campaign_translation'],
  'campaign.multiplier': ['multiplier', 'campaign_multiplier'],
  'campaign.reward_points': ['points', 'campaign_points'],
  'campaign.discount.value': ['discountValue', 'campaign_amount'],
  'campaign.discount.expires_after_days': ['expiryDays', 'campaign_cooldown'],
  'campaign.start_local': ['startLocal', 'campaign_start'],
  'campaign.end_local': ['endLocal', 'campaign_end'],
  'campaign.published': ['published', 'campaign_open'],
  'campaign.conditions.min_spend': ['minSpend', 'campaign_amount'],
  'campaign.conditions.goal_amount': ['goalAmount', 'campaign_amount'],
  'campaign.conditions.cooldown_days': ['cooldownDays', 'campaign_cooldown'],
};

/** The form's fields for a refusal of core's; empty when it is about none of them. */
export function fieldsOfRefusal(field: string): Record<string, string> {
  const known = refusals[field];
  return known === undefined ? {} : { [known[0]]: known[1] };
}
