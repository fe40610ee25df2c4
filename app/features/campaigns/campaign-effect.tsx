import { Checkbox, ChoiceList, FormLayout, Select, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { SectionCard } from '../../dashboard/section-card.tsx';
import { useFormat, useShop } from '../../dashboard/shop.ts';
import {
  CAMPAIGN_KINDS,
  givesPoints,
  needsSegment,
  startingDiscount,
  type CampaignKind,
} from './campaign-form.ts';
import type { FormPart } from './form-part.ts';
import {
  CAMPAIGN_DISCOUNTS,
  CAMPAIGN_TRIGGERS,
  type CampaignDiscountKind,
  type CampaignTrigger,
} from '#vocabulary/campaigns.ts';
import { SEGMENTS, type Segment } from '#vocabulary/segments.ts';

/** What a campaign is called and what it gives. */
export function CampaignEffect(part: FormPart) {
  const { form, set, errorOf, isOver, hasBegun } = part;
  const { t } = useTranslation();
  const { words } = useFormat();
  return (
    <SectionCard title={t('campaign.what')}>
      <FormLayout>
        <TextField
          label={t('campaign.name')}
          helpText={t('campaign.nameHelp')}
          value={form.name}
          onChange={(value) => set('name', value)}
          error={errorOf('name')}
          disabled={isOver}
          maxLength={100}
          autoComplete="off"
          requiredIndicator
        />
        {(['es', 'fr'] as const).map((language) => (
          <Translation key={language} language={language} {...part} />
        ))}
        <ChoiceList
          title={t('campaign.kind')}
          choices={CAMPAIGN_KINDS.map((kind) => ({
            value: kind,
            label: t(`campaigns.kinds.${kind}`),
            ...(!hasBegun && { helpText: t(`campaign.kindHelp.${kind}`) }),
          }))}
          selected={[form.kind]}
          onChange={([value]) => set('kind', (value ?? 'multiplier') as CampaignKind)}
          disabled={hasBegun}
        />
        {form.kind === 'multiplier' && (
          <TextField
            label={t('campaign.multiplier')}
            helpText={t('campaign.multiplierHelp')}
            prefix="×"
            value={form.multiplier}
            onChange={(value) => set('multiplier', value)}
            error={errorOf('multiplier')}
            disabled={hasBegun}
            inputMode="decimal"
            autoComplete="off"
          />
        )}
        {form.kind === 'goal' && <GoalAmount {...part} />}
        {form.kind === 'lifecycle' && <Trigger {...part} />}
        {form.kind === 'discount' && <DiscountFields {...part} />}
        {givesPoints(form.kind) && (
          <TextField
            label={t('campaign.points', { points: words.other })}
            value={form.points}
            onChange={(value) => set('points', value)}
            error={errorOf('points')}
            disabled={hasBegun}
            inputMode="numeric"
            autoComplete="off"
          />
        )}
      </FormLayout>
    </SectionCard>
  );
}

/** The name that shoppers of a language read. */
function Translation({
  language,
  form,
  set,
  errorOf,
  isOver,
}: FormPart & { language: 'es' | 'fr' }) {
  const { t } = useTranslation();
  const { languageName } = useFormat();
  const field = language === 'es' ? 'nameEs' : 'nameFr';
  return (
    <TextField
      label={t('campaign.translation', { language: languageName(language) })}
      helpText={t('campaign.translationHelp')}
      value={form[field]}
      onChange={(value) => set(field, value)}
      error={errorOf(field)}
      disabled={isOver}
      maxLength={100}
      autoComplete="off"
    />
  );
}

function GoalAmount({ form, set, errorOf, hasBegun }: FormPart) {
  const { t } = useTranslation();
  const { currency } = useShop();
  return (
    <TextField
      label={t('campaign.goalAmount')}
      helpText={t('campaign.goalAmountHelp')}
      suffix={currency}
      value={form.goalAmount}
      onChange={(value) => set('goalAmount', value)}
      error={errorOf('goalAmount')}
      disabled={hasBegun}
      inputMode="decimal"
      autoComplete="off"
    />
  );
}

function DiscountFields({ form, set, errorOf, hasBegun }: FormPart) {
  const { t } = useTranslation();
  const { currency } = useShop();
  return (
    <FormLayout>
      <FormLayout.Group>
        <Select
          label={t('campaign.discount')}
          options={CAMPAIGN_DISCOUNTS.map((value) => ({
            value,
            label: t(`campaign.discounts.${value}`),
          }))}
          value={form.discount}
          onChange={(value) => {
            set('discount', value as CampaignDiscountKind);
            // Ten percent is not ten yen: an unchanged default follows the kind.
            if (form.discountValue === startingDiscount(form.discount, currency))
              set('discountValue', startingDiscount(value as CampaignDiscountKind, currency));
          }}
          disabled={hasBegun}
        />
        <TextField
          label={t('campaign.discountValue')}
          suffix={form.discount === 'percent_off' ? '%' : currency}
          value={form.discountValue}
          onChange={(value) => set('discountValue', value)}
          error={errorOf('discountValue')}
          disabled={hasBegun}
          inputMode="decimal"
          autoComplete="off"
        />
      </FormLayout.Group>
      <TextField
        label={t('campaign.expiryDays')}
        helpText={t('campaign.expiryDaysHelp')}
        value={form.expiryDays}
        onChange={(value) => set('expiryDays', value)}
        error={errorOf('expiryDays')}
        disabled={hasBegun}
        inputMode="numeric"
        autoComplete="off"
      />
      <Checkbox
        label={t('campaign.endsWithCampaign')}
        {...(!hasBegun && { helpText: t('campaign.endsWithCampaignHelp') })}
        checked={form.endsWithCampaign}
        onChange={(value) => set('endsWithCampaign', value)}
        disabled={hasBegun}
      />
    </FormLayout>
  );
}

function Trigger({ form, set, errorOf, hasBegun }: FormPart) {
  const { t } = useTranslation();
  return (
    <FormLayout>
      <Select
        label={t('campaign.trigger')}
        helpText={t(`campaign.triggerHelp.${form.trigger}`)}
        options={CAMPAIGN_TRIGGERS.map((value) => ({
          value,
          label: t(`campaign.triggers.${value}`),
        }))}
        value={form.trigger}
        onChange={(value) => set('trigger', value as CampaignTrigger)}
        disabled={hasBegun}
      />
      {needsSegment(form.trigger) && (
        <Select
          label={t('campaign.segment')}
          options={SEGMENTS.map((value) => ({ value, label: t(`campaign.segments.${value}`) }))}
          value={form.segment}
          onChange={(value) => set('segment', value as Segment)}
          disabled={hasBegun}
        />
      )}
      {form.trigger !== 'first_order' && (
        <TextField
          label={t('campaign.cooldown')}
          helpText={t('campaign.cooldownHelp')}
          value={form.cooldownDays}
          onChange={(value) => set('cooldownDays', value)}
          error={errorOf('cooldownDays')}
          disabled={hasBegun}
          inputMode="numeric"
          autoComplete="off"
        />
      )}
    </FormLayout>
  );
}
