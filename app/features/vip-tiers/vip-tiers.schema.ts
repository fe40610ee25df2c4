import { z } from 'zod';
import type { VipTierSet, VipTier } from '#proto/points/v1/tiers.ts';
import { readTypedAmount } from '../../i18n/typed-amount.ts';
import { readTypedDecimal, readTypedWhole } from '../../i18n/typed-number.ts';
import { hasWords, MAX_TIERS, tierField } from './tier-set-form.ts';
import { TIER_BASES, TIER_MOVES, TIER_PERIODS } from '#vocabulary/tiers.ts';

const MAX_NAME_LENGTH = 60;
const MAX_PERKS_LENGTH = 500;

const words = (max: number) =>
  z.object({
    en: z.string().trim().max(max, 'words_length'),
    es: z.string().trim().max(max, 'words_length'),
    fr: z.string().trim().max(max, 'words_length'),
  });
const whole = (max: number) =>
  z
    .string()
    .transform((text) => readTypedWhole(text) ?? Number.NaN)
    .refine((value) => !Number.isNaN(value), { error: 'whole_number', abort: true })
    .refine((value) => value <= max, 'too_large');
const multiplier = z
  .string()
  .transform((text) => readTypedDecimal(text, 4) ?? '')
  .pipe(z.string().regex(/^(10(\.0{1,4})?|[1-9](\.\d{1,4})?)$/, 'tier_multiplier'));

const tier = z.object({
  key: z.string().max(60),
  tierId: z.union([z.literal(''), z.guid()]),
  names: words(MAX_NAME_LENGTH),
  spend: z.string(),
  points: z.string(),
  multiplier,
  entryPoints: whole(1_000_000),
  earlyAccess: z.boolean(),
  freeShipping: z.boolean(),
  entryRewardId: z.union([z.literal(''), z.guid('choice')], 'choice'),
  perks: words(MAX_PERKS_LENGTH),
});

const tierSet = z.object({
  basis: z.enum(TIER_BASES, 'choice'),
  period: z.enum(TIER_PERIODS, 'choice'),
  graceDays: z
    .string()
    .transform((text) => readTypedWhole(text) ?? Number.NaN)
    .refine((value) => value <= 365, 'grace_days'),
  tiers: z.array(tier).max(MAX_TIERS),
});

type Parsed = { tierSet: VipTierSet } | { fields: Record<string, string> };

/** The tier set that the form describes, or a message key per invalid field, by the tier's key. */
export function parseTierSetForm(json: string, currency: string): Parsed {
  const typed = safeJson(json);
  const parsed = tierSet.safeParse(typed);
  if (!parsed.success) {
    const keys = keysOf(typed);
    return {
      fields: Object.fromEntries(
        parsed.error.issues.map(({ path, message }) => [fieldOf(path, keys), message]),
      ),
    };
  }
  const form = parsed.data;
  const fields: Record<string, string> = {};
  const tiers: VipTier[] = [];
  let below = { spend: -1, points: -1 };
  for (const one of form.tiers) {
    const refuse = (field: string, message: string) => {
      fields[tierField(one.key, field)] = message;
    };
    if (!hasWords(one.names)) refuse('names.en', 'tier_name');
    const isBySpend = form.basis !== 'points';
    const spend = isBySpend ? readTypedAmount(one.spend, currency) : undefined;
    const points =
      form.basis === 'spend' ? undefined : whole(1_000_000_000_000).safeParse(one.points);
    if (isBySpend && spend === undefined) refuse('spend', 'amount');
    if (points?.success === false) refuse('points', 'whole_number');
    // Numbers of up to twelve digits compare right as they are; nothing is computed with them.
    const thresholds = { spend: Number(spend ?? -1), points: points?.data ?? -1 };
    if (spend !== undefined && thresholds.spend <= below.spend) refuse('spend', 'tier_order');
    if (points?.success && thresholds.points <= below.points) refuse('points', 'tier_order');
    below = thresholds;
    tiers.push({
      tierId: one.tierId,
      names: one.names,
      spendThreshold: spend ?? '',
      pointsThreshold: points?.data ?? -1,
      benefits: {
        pointsMultiplier: one.multiplier,
        entryPoints: one.entryPoints,
        earlyAccess: one.earlyAccess,
        perks: one.perks,
        entryRewardId: one.entryRewardId,
        freeShipping: one.freeShipping,
      },
      members: 0,
    });
  }
  if (Object.keys(fields).length > 0) return { fields };
  return {
    tierSet: {
      basis: form.basis,
      period: form.period,
      graceDays: form.graceDays,
      tiers,
      version: 0,
      status: '',
      publishedAt: '',
      actor: '',
      restoresVersion: 0,
    },
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const keyed = z.object({ tiers: z.array(z.object({ key: z.string() })) });

function keysOf(typed: unknown): readonly string[] {
  return keyed.safeParse(typed).data?.tiers.map(({ key }) => key) ?? [];
}

/** [tiers, 2, names, fr] is the name of the field of the third tier, which the form knows by its key. */
function fieldOf(path: readonly PropertyKey[], keys: readonly string[]): string {
  const [list, index, ...rest] = path;
  const key = list === 'tiers' && typeof index === 'number' ? keys[index] : undefined;
  return key === undefined ? path.join('.') : tierField(key, rest.join('.'));
}

/** Invalid values in the URL count as absent. */
const query = z.object({
  list: z.enum(TIER_MOVES).catch('rise'),
  cursor: z.string().max(500).catch(''),
});
export type TiersQuery = z.output<typeof query>;

export function parseTiersQuery(search: URLSearchParams): TiersQuery {
  return query.parse({ list: search.get('list') ?? '', cursor: search.get('cursor') ?? '' });
}
