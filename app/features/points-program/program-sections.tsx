import { Checkbox, ChoiceList, FormLayout, Link, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { choicesOf } from '../../dashboard/choices.ts';
import { FormSection } from '../../dashboard/form-section.tsx';
import { IconSelect } from './icon-select.tsx';
import type { ProgramPart } from './program-editor.tsx';
import {
  AWARD_MOMENTS,
  EXPIRY_MODES,
  REFUND_POLICIES,
  type AwardOn,
  type ExpiryMode,
  type RefundPolicy,
} from '#vocabulary/earning.ts';

interface SectionProps {
  part: ProgramPart;
}

/** Points by buying. */
export function Purchases({ part: { form, saved, set, setEarning }, part }: SectionProps) {
  const { t } = useTranslation();
  const { earning } = form;
  return (
    <FormSection title={t('program.purchase.title')}>
      <Checkbox
        label={t('program.purchase.enabled')}
        checked={form.purchaseEnabled}
        onChange={(value) => {
          set('purchaseEnabled', value);
          // A field that cannot be reached must not hold an error.
          if (value) return;
          set('ratePoints', saved.ratePoints);
          set('ratePer', saved.ratePer);
        }}
      />
      <Rate part={part} />
      <AwardOn part={part} />
      <IconSelect
        value={earning.purchaseIcon}
        disabled={!form.purchaseEnabled}
        onChange={(purchaseIcon) =>
          setEarning('purchaseIcon', (current) => ({ ...current, purchaseIcon }))
        }
      />
    </FormSection>
  );
}

function Rate({ part: { form, currency, set, errorOf } }: SectionProps) {
  const { t } = useTranslation();
  return (
    <FormLayout>
      <FormLayout.Group condensed helpText={t('program.purchase.rateHelp')}>
        <TextField
          label={t('program.purchase.ratePoints')}
          value={form.ratePoints}
          onChange={(value) => set('ratePoints', value)}
          error={errorOf('ratePoints')}
          disabled={!form.purchaseEnabled}
          inputMode="numeric"
          autoComplete="off"
        />
        <TextField
          label={t('program.purchase.ratePer', { currency })}
          value={form.ratePer}
          onChange={(value) => set('ratePer', value)}
          error={errorOf('ratePer')}
          disabled={!form.purchaseEnabled}
          inputMode="numeric"
          autoComplete="off"
        />
      </FormLayout.Group>
    </FormLayout>
  );
}

function AwardOn({ part: { form, set } }: SectionProps) {
  const { t } = useTranslation();
  return (
    <ChoiceList
      title={t('program.purchase.awardOn')}
      choices={choicesOf<AwardOn>({
        paid: t('program.purchase.onPaid'),
        created: {
          label: t('program.purchase.onCreated'),
          helpText: t('program.purchase.onCreatedHelp'),
        },
      })}
      selected={[form.awardOn]}
      onChange={([value]) =>
        set('awardOn', AWARD_MOMENTS.find((one) => one === value) ?? form.awardOn)
      }
      disabled={!form.purchaseEnabled}
    />
  );
}

/** Points by joining. */
export function SignUp({ part: { form, saved, set, errorOf, setEarning } }: SectionProps) {
  const { t } = useTranslation();
  const { earning } = form;
  return (
    <FormSection title={t('program.signup.title')}>
      <Checkbox
        label={t('program.signup.enabled')}
        checked={form.signupEnabled}
        onChange={(value) => {
          set('signupEnabled', value);
          if (!value) set('signupPoints', saved.signupPoints);
        }}
      />
      <TextField
        label={t('program.signup.points')}
        value={form.signupPoints}
        onChange={(value) => set('signupPoints', value)}
        error={errorOf('signupPoints')}
        disabled={!form.signupEnabled}
        inputMode="numeric"
        autoComplete="off"
      />
      <IconSelect
        value={earning.signupIcon}
        disabled={!form.signupEnabled}
        onChange={(signupIcon) =>
          setEarning('signupIcon', (current) => ({ ...current, signupIcon }))
        }
      />
    </FormSection>
  );
}

/** How long points live. */
export function Expiry({ part: { form, set, errorOf }, part }: SectionProps) {
  const { t } = useTranslation();
  return (
    <FormSection title={t('program.expiry.title')}>
      <TextField
        label={t('program.expiry.days')}
        helpText={t('program.expiry.help')}
        value={form.expiryDays}
        onChange={(value) => set('expiryDays', value)}
        error={errorOf('expiryDays')}
        inputMode="numeric"
        autoComplete="off"
      />
      {form.expiryDays.trim() !== '0' && <ExpiryMode part={part} />}
      <Link url="/app/expiry">{t('program.expiry.forecast')}</Link>
    </FormSection>
  );
}

function ExpiryMode({ part: { form, set } }: SectionProps) {
  const { t } = useTranslation();
  return (
    <ChoiceList
      title={t('program.expiry.mode')}
      choices={choicesOf<ExpiryMode>({
        fixed: t('program.expiry.fixed'),
        activity: {
          label: t('program.expiry.activity'),
          helpText: t('program.expiry.activityHelp'),
        },
      })}
      selected={[form.expiryMode]}
      onChange={([value]) =>
        set('expiryMode', EXPIRY_MODES.find((one) => one === value) ?? form.expiryMode)
      }
    />
  );
}

/** What a refund takes that is already spent. */
export function Refunds({ part: { form, set } }: SectionProps) {
  const { t } = useTranslation();
  return (
    <FormSection title={t('program.refund.title')}>
      <ChoiceList
        title={t('program.refund.label')}
        choices={choicesOf<RefundPolicy>({
          debt: { label: t('program.refund.debt'), helpText: t('program.refund.debtHelp') },
          clip: { label: t('program.refund.clip'), helpText: t('program.refund.clipHelp') },
        })}
        selected={[form.refundPolicy]}
        onChange={([value]) =>
          set('refundPolicy', REFUND_POLICIES.find((one) => one === value) ?? form.refundPolicy)
        }
      />
    </FormSection>
  );
}
