import type { PointsProgram } from '#proto/points/v1/points.ts';

/** The rules as a form holds them: what was typed, not yet what it means. */
export interface ProgramForm {
  active: boolean;
  purchaseEnabled: boolean;
  pointsPerUnit: string;
  awardOn: 'paid' | 'created';
  signupEnabled: boolean;
  signupPoints: string;
  expiryDays: string;
  refundPolicy: 'debt' | 'clip';
}

export function formOf(program: PointsProgram): ProgramForm {
  return {
    active: program.active,
    purchaseEnabled: program.purchase?.enabled ?? false,
    pointsPerUnit:
      program.purchase?.pointsPerUnit.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') ?? '',
    awardOn: program.purchase?.awardOn === 'created' ? 'created' : 'paid',
    signupEnabled: program.signup?.enabled ?? false,
    signupPoints: String(program.signup?.points ?? ''),
    expiryDays: String(program.expiryDays),
    refundPolicy: program.refundPolicy === 'clip' ? 'clip' : 'debt',
  };
}

export function isSameForm(one: ProgramForm, other: ProgramForm): boolean {
  return (Object.keys(one) as (keyof ProgramForm)[]).every((key) => one[key] === other[key]);
}
