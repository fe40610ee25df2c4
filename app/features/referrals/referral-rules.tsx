import { Button, ChoiceList, FormLayout, InlineStack, Text, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { choicesOf } from '../../dashboard/choices.ts';
import { FormSection } from '../../dashboard/form-section.tsx';
import {
  CHOSEN_CHANNELS,
  MOST_TIERS,
  type ReferralForm,
  type ReferralPart,
} from './referral-form.ts';
import { useChannelName } from './referral-words.tsx';
import type { ReferralGoal } from '#vocabulary/referrals.ts';

interface RulesProps {
  part: ReferralPart;
}

type NumberField =
  'minOrder' | 'expiresAfterDays' | 'refundWindowDays' | 'monthlyLimit' | 'holdFrom' | 'refuseFrom';

function NumberInput({
  part: { form, set, errorOf },
  name,
  label,
  help,
  suffix,
}: RulesProps & { name: NumberField; label: string; help?: string; suffix?: string }) {
  return (
    <TextField
      label={label}
      {...(help !== undefined && { helpText: help })}
      {...(suffix !== undefined && { suffix })}
      value={form[name]}
      onChange={(value) => set(name, value)}
      error={errorOf(name)}
      inputMode={name === 'minOrder' ? 'decimal' : 'numeric'}
      autoComplete="off"
    />
  );
}

export function Status({ part: { form, set } }: RulesProps) {
  const { t } = useTranslation();
  return (
    <FormSection title={t('referralProgram.status')}>
      <ChoiceList
        title={t('referralProgram.status')}
        titleHidden
        choices={choicesOf<'on' | 'off'>({
          on: { label: t('referralProgram.on'), helpText: t('referralProgram.onHelp') },
          off: { label: t('referralProgram.offLabel'), helpText: t('referralProgram.offHelp') },
        })}
        selected={[form.active ? 'on' : 'off']}
        onChange={([value]) => set('active', value === 'on')}
      />
    </FormSection>
  );
}

export function Goal({ part }: RulesProps) {
  const { t } = useTranslation();
  const { form, currency, set } = part;
  return (
    <FormSection title={t('referralProgram.goal.title')}>
      <ChoiceList
        title={t('referralProgram.goal.label')}
        choices={choicesOf<ReferralGoal>({
          signup: {
            label: t('referralProgram.goal.signup'),
            helpText: t('referralProgram.goal.signupHelp'),
          },
          first_order: t('referralProgram.goal.first_order'),
        })}
        selected={[form.goal]}
        onChange={([value]) => set('goal', value === 'signup' ? 'signup' : 'first_order')}
      />
      {form.goal === 'first_order' && (
        <NumberInput
          part={part}
          name="minOrder"
          label={t('referralProgram.goal.minOrder')}
          help={t('referralProgram.goal.minOrderHelp')}
          suffix={currency}
        />
      )}
      <NumberInput part={part} name="expiresAfterDays" label={t('referralProgram.goal.expires')} />
    </FormSection>
  );
}

/** More for more friends; only where the member gets points. */
export function Tiers({ part: { form, set, errorOf } }: RulesProps) {
  const { t } = useTranslation();
  const { friendTiers: tiers } = form;
  if (form.advocate.kind !== 'points') return null;
  const put = (at: number, change: Partial<ReferralForm['friendTiers'][number]>) =>
    set(
      'friendTiers',
      tiers.map((tier, index) => (index === at ? { ...tier, ...change } : tier)),
    );
  return (
    <FormSection title={t('referralProgram.tiers.title')}>
      <Text as="p" tone="subdued">
        {t('referralProgram.tiers.help')}
      </Text>
      {tiers.map((tier, index) => (
        <InlineStack key={index} gap="300" blockAlign="end">
          <TextField
            label={t('referralProgram.tiers.from')}
            value={tier.from}
            onChange={(from) => put(index, { from })}
            error={errorOf(`friendTiers.${index}.from`)}
            inputMode="numeric"
            autoComplete="off"
          />
          <TextField
            label={t('referralProgram.tiers.points')}
            value={tier.points}
            onChange={(points) => put(index, { points })}
            error={errorOf(`friendTiers.${index}.points`)}
            inputMode="numeric"
            autoComplete="off"
          />
          <Button
            accessibilityLabel={t('referralProgram.tiers.remove', { number: index + 1 })}
            onClick={() =>
              set(
                'friendTiers',
                tiers.filter((_, at) => at !== index),
              )
            }
          >
            ✕
          </Button>
        </InlineStack>
      ))}
      {tiers.length < MOST_TIERS && (
        <Button onClick={() => set('friendTiers', [...tiers, { from: '', points: '' }])}>
          {t('referralProgram.tiers.add')}
        </Button>
      )}
    </FormSection>
  );
}

export function Limits({ part }: RulesProps) {
  const { t } = useTranslation();
  return (
    <FormSection title={t('referralProgram.limits.title')}>
      <NumberInput
        part={part}
        name="refundWindowDays"
        label={t('referralProgram.limits.window')}
        help={t('referralProgram.limits.windowHelp')}
      />
      <NumberInput
        part={part}
        name="monthlyLimit"
        label={t('referralProgram.limits.monthly')}
        help={t('referralProgram.limits.monthlyHelp')}
      />
    </FormSection>
  );
}

export function Channels({ part: { form, set } }: RulesProps) {
  const { t } = useTranslation();
  const nameOf = useChannelName();
  return (
    <FormSection title={t('referralProgram.channels.title')}>
      <ChoiceList
        allowMultiple
        title={t('referralProgram.channels.label')}
        choices={CHOSEN_CHANNELS.map((value) => ({ value, label: nameOf(value) }))}
        selected={form.channels.filter((channel) => channel !== 'copy')}
        onChange={(chosen) =>
          set('channels', [
            'copy',
            ...CHOSEN_CHANNELS.filter((channel) => chosen.includes(channel)),
          ])
        }
      />
      <Text as="p" tone="subdued">
        {t('referralProgram.channels.help')}
      </Text>
    </FormSection>
  );
}

/** From which scores a person decides, and from which none has to. */
export function Review({ part }: RulesProps) {
  const { t } = useTranslation();
  return (
    <FormSection title={t('referralProgram.review.title')}>
      <Text as="p" tone="subdued">
        {t('referralProgram.review.help')}
      </Text>
      <FormLayout.Group condensed>
        <NumberInput
          part={part}
          name="holdFrom"
          label={t('referralProgram.review.hold')}
          help={t('referralProgram.review.holdHelp')}
        />
        <NumberInput
          part={part}
          name="refuseFrom"
          label={t('referralProgram.review.refuse')}
          help={t('referralProgram.review.refuseHelp')}
        />
      </FormLayout.Group>
    </FormSection>
  );
}
