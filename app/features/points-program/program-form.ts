import type { PointsProgram } from '#proto/points/v1/points.ts';
import { earningFormOf, type EarningForm } from './earning-form.ts';
import type {
  AwardOn,
  ExpiryMode,
  GiftCardRule,
  RefundPolicy,
  TestOrders,
} from '#vocabulary/earning.ts';

/** The rules as a form holds them: what was typed, not yet what it means. */
export interface ProgramForm {
  active: boolean;
  purchaseEnabled: boolean;
  /** So many points for so much money, both in whole numbers. */
  ratePoints: string;
  ratePer: string;
  awardOn: AwardOn;
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
    awardOn: program.purchase?.awardOn === 'created' ? 'created' : 'paid',
    signupEnabled: program.signup?.enabled ?? false,
    signupPoints: String(program.signup?.points ?? ''),
    expiryDays: String(program.expiryDays),
    expiryMode: program.expiryMode === 'activity' ? 'activity' : 'fixed',
    refundPolicy: program.refundPolicy === 'clip' ? 'clip' : 'debt',
    giftCards: program.giftCards === 'earn' ? 'earn' : 'nothing',
    testOrders: testOrdersOf(program.testOrders),
    earning: earningFormOf(program.earning),
  };
}

export const testOrdersOf = (value: string | undefined): ProgramForm['testOrders'] =>
  value === 'on' || value === 'off' ? value : 'auto';

/** Forms are made by the same code, so that their fields stand in the same order. */
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
