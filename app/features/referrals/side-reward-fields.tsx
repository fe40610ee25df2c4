import { ChoiceList, FormLayout, Select, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { choicesOf } from '../../dashboard/choices.ts';
import { FormSection } from '../../dashboard/form-section.tsx';
import type { ReferralPart, SideForm } from './referral-form.ts';
import type { ReferralSide } from '#vocabulary/referrals.ts';

interface SideProps {
  part: ReferralPart;
  side: ReferralSide;
}

/** What one of the two gets: points or a code. */
export function SideReward({ part, side }: SideProps) {
  const { t } = useTranslation();
  const { form, setSide } = part;
  const { kind } = form[side];
  return (
    <FormSection title={t(`referralProgram.${side}.title`)}>
      <ChoiceList
        title={t('referralProgram.reward.kind')}
        titleHidden
        choices={choicesOf<SideForm['kind']>({
          points: t('referralProgram.reward.points'),
          discount: t('referralProgram.reward.discount'),
        })}
        selected={[kind]}
        onChange={([value]) => setSide(side, 'kind', value === 'discount' ? 'discount' : 'points')}
      />
      {kind === 'points' ? <Points part={part} side={side} /> : <Code part={part} side={side} />}
    </FormSection>
  );
}

function Points({ part: { form, setSide, errorOf }, side }: SideProps) {
  const { t } = useTranslation();
  return (
    <TextField
      label={t('referralProgram.reward.amount')}
      value={form[side].points}
      onChange={(value) => setSide(side, 'points', value)}
      error={errorOf(`${side}.points`)}
      inputMode="numeric"
      autoComplete="off"
    />
  );
}

function Code({ part, side }: SideProps) {
  const { t } = useTranslation();
  const { form, currency, setSide, errorOf } = part;
  const { discount, value, minPurchase, expiresAfterDays } = form[side];
  const isAhead = side === 'friend' && form.goal === 'first_order';
  return (
    <FormLayout>
      <FormLayout.Group condensed>
        <Select
          label={t('referralProgram.reward.type')}
          options={choicesOf<SideForm['discount']>({
            percent: t('referralProgram.reward.percent'),
            amount: t('referralProgram.reward.fixed'),
          })}
          value={discount}
          onChange={(chosen) =>
            setSide(side, 'discount', chosen === 'amount' ? 'amount' : 'percent')
          }
        />
        <TextField
          label={t('referralProgram.reward.value')}
          value={value}
          onChange={(text) => setSide(side, 'value', text)}
          error={errorOf(`${side}.value`)}
          suffix={discount === 'percent' ? '%' : currency}
          inputMode="decimal"
          autoComplete="off"
        />
      </FormLayout.Group>
      <FormLayout.Group condensed>
        <TextField
          label={t('referralProgram.reward.minPurchase')}
          helpText={t('referralProgram.reward.minPurchaseHelp')}
          value={minPurchase}
          onChange={(text) => setSide(side, 'minPurchase', text)}
          error={errorOf(`${side}.minPurchase`)}
          suffix={currency}
          inputMode="decimal"
          autoComplete="off"
        />
        <TextField
          label={t('referralProgram.reward.expires')}
          helpText={t('referralProgram.reward.expiresHelp')}
          value={expiresAfterDays}
          onChange={(text) => setSide(side, 'expiresAfterDays', text)}
          error={errorOf(`${side}.expiresAfterDays`)}
          inputMode="numeric"
          autoComplete="off"
        />
      </FormLayout.Group>
      {isAhead && <p>{t('referralProgram.reward.ahead')}</p>}
    </FormLayout>
  );
}
