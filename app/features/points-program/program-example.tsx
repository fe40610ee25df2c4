import { BlockStack, Card, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../dashboard/shop.ts';
import { readTypedDecimal, readTypedWhole } from '../../i18n/typed-number.ts';
import type { EarningForm } from './earning-form.ts';
import { exampleAmount, examplePoints } from './example.rules.ts';
import type { ProgramForm } from './program-form.ts';

const sizeOf = (factor: string): number => Number(readTypedDecimal(factor, 4) ?? '0');

/** The largest multiplier that is on. */
function largestFactor(earning: EarningForm): string | undefined {
  return [
    ...(earning.firstEnabled ? [earning.firstFactor] : []),
    ...(earning.championsEnabled ? [earning.championsFactor] : []),
  ]
    .sort((a, b) => sizeOf(a) - sizeOf(b))
    .at(-1);
}

/** What the rules in the form mean for a customer, as they are typed. */
export function ProgramExample({ form, currency }: { form: ProgramForm; currency: string }) {
  const { t } = useTranslation();
  const { money, points, number } = useFormat();
  const amount = exampleAmount(currency);
  const rate = { points: form.ratePoints, per: form.ratePer };
  const orderPoints = examplePoints(amount, rate);
  const signupPoints = readTypedWhole(form.signupPoints);
  const days = readTypedWhole(form.expiryDays);

  const sentences = () => {
    if (!form.active) return [t('program.example.off')];
    const order = !form.purchaseEnabled
      ? t('program.example.orderOff')
      : orderPoints === undefined
        ? undefined
        : t('program.example.order', {
            amount: money({ amount, currency }),
            points: points(orderPoints),
          });
    const factor = largestFactor(form.earning);
    const most = factor === undefined ? undefined : examplePoints(amount, rate, factor);
    const multiplied =
      !form.purchaseEnabled || factor === undefined || most === undefined
        ? undefined
        : t('program.example.multiplied', { points: points(most), factor: factor.trim() });
    const signup = !form.signupEnabled
      ? t('program.example.signupOff')
      : signupPoints === undefined
        ? undefined
        : t('program.example.signup', { points: points(signupPoints) });
    const expiry =
      days === undefined
        ? undefined
        : days === 0
          ? t('program.example.never')
          : t('program.example.expires', { count: days, formatted: number(days) });
    const wait = readTypedWhole(form.pendingDays);
    const pending =
      !form.purchaseEnabled || wait === undefined || wait === 0
        ? []
        : [t('program.pending.example', { count: wait, formatted: number(wait) })];
    const known = [order, multiplied, signup, expiry].filter((sentence) => sentence !== undefined);
    return known.length === 4 || (known.length === 3 && multiplied === undefined)
      ? [...known, ...pending]
      : [...known, t('program.example.invalid')];
  };
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t('program.example.title')}
        </Text>
        <div aria-live="polite">
          <BlockStack gap="200">
            {sentences().map((sentence) => (
              <Text as="p" key={sentence}>
                {sentence}
              </Text>
            ))}
          </BlockStack>
        </div>
      </BlockStack>
    </Card>
  );
}
