import { z } from 'zod';
import type { PointsProgram } from '#proto/points/v1/points.ts';
import { readTypedWhole } from '../../i18n/typed-number.ts';
import { parseEarningForm } from './earning.schema.ts';
import {
  AWARD_MOMENTS,
  EXPIRY_MODES,
  GIFT_CARD_RULES,
  REFUND_POLICIES,
  TEST_ORDER_RULES,
} from '#vocabulary/earning.ts';

const flag = z.enum(['true', 'false'], 'choice').transform((value) => value === 'true');
const whole = (min: number, max: number, message: string) =>
  z
    .string()
    .transform((text) => readTypedWhole(text) ?? Number.NaN)
    .refine((value) => value >= min && value <= max, message);

const programForm = z.object({
  active: flag,
  purchaseEnabled: flag,
  ratePoints: whole(1, 1_000_000, 'signup_points'),
  ratePer: whole(1, 1_000_000_000, 'rate'),
  awardOn: z.enum(AWARD_MOMENTS, 'choice'),
  signupEnabled: flag,
  signupPoints: whole(1, 1_000_000, 'signup_points'),
  expiryDays: whole(0, 3_650, 'expiry_days'),
  expiryMode: z.enum(EXPIRY_MODES, 'choice'),
  refundPolicy: z.enum(REFUND_POLICIES, 'choice'),
  // Left out, these stay as they are.
  pendingDays: whole(0, 90, 'whole_number').optional(),
  giftCards: z.enum(GIFT_CARD_RULES, 'choice').optional(),
  testOrders: z.enum(TEST_ORDER_RULES, 'choice').optional(),
});

type Parsed = { program: PointsProgram } | { fields: Record<string, string> };

/** The rules that the form describes, or a message key per invalid field. */
export function parseProgramForm(form: FormData): Parsed {
  const entries = Object.fromEntries(form);
  // A sign-up rule that was never on may be left without a number.
  const unused = entries['signupEnabled'] === 'false' ? entries['signupPoints'] : undefined;
  if (unused === '' || unused === '0') entries['signupPoints'] = '1';
  const parsed = programForm.safeParse(entries);
  // Left out, the rules for everything else stay as they are.
  const { earning: told, currency } = entries;
  const earning =
    typeof told === 'string'
      ? parseEarningForm(told, typeof currency === 'string' ? currency : '')
      : { earning: undefined };
  if (!parsed.success || 'fields' in earning) {
    return {
      fields: {
        ...Object.fromEntries(
          parsed.error?.issues.map((issue) => [issue.path.join('.'), issue.message]) ?? [],
        ),
        ...('fields' in earning ? earning.fields : {}),
      },
    };
  }
  const {
    active,
    purchaseEnabled,
    ratePoints,
    ratePer,
    awardOn,
    signupEnabled,
    signupPoints,
    expiryDays,
    expiryMode,
    refundPolicy,
    pendingDays,
    giftCards = '',
    testOrders = '',
  } = parsed.data;
  return {
    program: {
      active,
      purchase: {
        enabled: purchaseEnabled,
        points: ratePoints,
        per: ratePer,
        pointsPerUnit: '',
        awardOn,
      },
      signup: { enabled: signupEnabled, points: signupPoints },
      expiryDays,
      expiryMode,
      refundPolicy,
      // Core counts versions and keeps the time.
      version: 0,
      earning: earning.earning,
      updatedAt: '',
      giftCards,
      testOrders,
      ...(pendingDays !== undefined && { pendingDays }),
    },
  };
}
