import type { PointsProgram } from '#proto/points/v1/points.ts';
import { earningFormOf, type EarningForm } from './earning-form.ts';
import {
  AWARD_MOMENTS,
  EXPIRY_MODES,
  GIFT_CARD_RULES,
  REFUND_POLICIES,
  TEST_ORDER_RULES,
  type AwardOn,
  type ExpiryMode,
  type GiftCardRule,
  type RefundPolicy,
  type TestOrders,
} from '#vocabulary/earning.ts';

/** The form's state of the rules: as typed, not validated. */
export interface ProgramForm {
  active: boolean;
  purchaseEnabled: boolean;
  /** So many points for so much money, both in whole numbers. */
  ratePoints: string;
  ratePer: string;
  awardOn: AwardOn;
  /** Days after which the points of an order count. */
  pendingDays: string;
  signupEnabled: boolean;
  signupPoints: string;
  expiryDays: string;
  expiryMode: ExpiryMode;
  refundPolicy: RefundPolicy;
  /** Gift cards that are bought. */
  giftCards: GiftCardRule;
  testOrders: TestOrders;
  earning: EarningForm;
}

export function formOf(program: PointsProgram): ProgramForm {
  return {
    active: program.active,
    purchaseEnabled: program.purchase?.enabled ?? false,
    ratePoints: String(program.purchase?.points ?? ''),
    ratePer: String(program.purchase?.per ?? ''),
    awardOn: AWARD_MOMENTS.find((one) => one === program.purchase?.awardOn) ?? 'paid',
    pendingDays: String(program.pendingDays ?? 0),
    signupEnabled: program.signup?.enabled ?? false,
    signupPoints: String(program.signup?.points ?? ''),
    expiryDays: String(program.expiryDays),
    expiryMode: EXPIRY_MODES.find((one) => one === program.expiryMode) ?? 'fixed',
    refundPolicy: REFUND_POLICIES.find((one) => one === program.refundPolicy) ?? 'debt',
    giftCards: GIFT_CARD_RULES.find((one) => one === program.giftCards) ?? 'nothing',
    testOrders: testOrdersOf(program.testOrders),
    earning: earningFormOf(program.earning),
  };
}

export const testOrdersOf = (value: string | undefined): ProgramForm['testOrders'] =>
  TEST_ORDER_RULES.find((one) => one === value) ?? 'auto';

/** Forms are made by the same code, so that their fields have the same order. */
export function isSameForm(one: ProgramForm, other: ProgramForm): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** As the form is sent: the plain fields, and the earning rules as JSON. */
export function fieldsOf({ earning, ...plain }: ProgramForm): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, String(value)])),
    earning: JSON.stringify(earning),
  };
}
