import { Checkbox, ChoiceList, FormLayout, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { ActionForm } from './earning-form.ts';
import { IconSelect } from './icon-select.tsx';
import { FormSection } from '../../dashboard/form-section.tsx';
import { NETWORKS, SHARE_NETWORKS, type ActionName } from '#vocabulary/earning.ts';
import { SEGMENTS } from '#vocabulary/segments.ts';

interface ActionSectionProps {
  name: ActionName;
  rule: ActionForm;
  tiers: readonly { readonly tierId: string; readonly name: string }[];
  /** One unit of the shop's money, for the labels of amounts. */
  currency: string;
  errorOf: (field: string) => string | undefined;
  onChange: (field: string, rule: ActionForm) => void;
}

/** What every part of a way to earn works with. */
interface ActionPart extends Pick<
  ActionSectionProps,
  'name' | 'rule' | 'currency' | 'errorOf' | 'onChange'
> {
  readonly set: <Field extends keyof ActionForm>(field: Field, value: ActionForm[Field]) => void;
}

/** One way to earn: whether, how much, how often, and for whom. */
export function ActionSection({ tiers, ...given }: ActionSectionProps) {
  const { t } = useTranslation();
  const { name, rule, onChange } = given;
  const part: ActionPart = {
    ...given,
    set: (field, value) => onChange(`${name}.${field}`, { ...rule, [field]: value }),
  };
  return (
    <FormSection title={t(`actions.${name}.title`)}>
      <Checkbox
        label={t(`actions.${name}.enabled`)}
        helpText={t(`actions.${name}.help`)}
        checked={rule.enabled}
        onChange={(value) => part.set('enabled', value)}
      />
      {rule.enabled && (
        <FormLayout>
          <WholeNumber part={part} field="points" label={t('actions.points')} />
          <OwnFields {...part} />
          {(name === 'review' || name === 'social_share') && (
            <WholeNumber
              part={part}
              field="limit"
              label={t('actions.limit')}
              helpText={t('actions.limitHelp')}
            />
          )}
          <Conditions {...part} tiers={tiers} />
        </FormLayout>
      )}
    </FormSection>
  );
}

function WholeNumber({
  part: { name, rule, errorOf, set },
  field,
  label,
  helpText,
}: {
  part: ActionPart;
  field: 'points' | 'limit' | 'daysBefore';
  label: string;
  helpText?: string;
}) {
  return (
    <TextField
      label={label}
      {...(helpText !== undefined && { helpText })}
      value={rule[field]}
      onChange={(value) => set(field, value)}
      error={errorOf(`${name}.${field}`)}
      inputMode="numeric"
      autoComplete="off"
    />
  );
}

/** What only this way to earn asks. */
function OwnFields(part: ActionPart) {
  const { t } = useTranslation();
  switch (part.name) {
    case 'goal_spend':
      return <Goal {...part} />;
    case 'birthday':
      return (
        <WholeNumber
          part={part}
          field="daysBefore"
          label={t('actions.birthday.daysBefore')}
          helpText={t('actions.birthday.daysBeforeHelp')}
        />
      );
    case 'review':
      return (
        <Checkbox
          label={t('actions.review.onTrust')}
          helpText={t('actions.review.onTrustHelp')}
          checked={part.rule.onTrust}
          onChange={(value) => part.set('onTrust', value)}
        />
      );
    case 'social_follow':
      return <Handles {...part} />;
    case 'social_share':
      return <Shares {...part} />;
    default:
      return null;
  }
}

function Goal({ name, rule, currency, errorOf, set }: ActionPart) {
  const { t } = useTranslation();
  return (
    <FormLayout>
      <TextField
        label={t('actions.goal_spend.amount', { currency })}
        value={rule.amount}
        onChange={(value) => set('amount', value)}
        error={errorOf(`${name}.amount`)}
        inputMode="decimal"
        autoComplete="off"
      />
      <Checkbox
        label={t('actions.goal_spend.repeats')}
        checked={rule.repeats}
        onChange={(value) => set('repeats', value)}
      />
    </FormLayout>
  );
}

function Handles({ name, rule, errorOf, onChange }: ActionPart) {
  const { t } = useTranslation();
  return NETWORKS.map((network) => (
    <TextField
      key={network}
      label={t(`program.networks.${network}`)}
      placeholder="@"
      helpText={t('actions.social_follow.handle')}
      value={rule.handles[network]}
      onChange={(value) =>
        onChange(`${name}.${network}`, {
          ...rule,
          handles: { ...rule.handles, [network]: value },
        })
      }
      error={errorOf(`${name}.${network}`)}
      autoComplete="off"
    />
  ));
}

function Shares({ name, rule, errorOf, set }: ActionPart) {
  const { t } = useTranslation();
  return (
    <FormLayout>
      <ChoiceList
        allowMultiple
        title={t('actions.social_share.networks')}
        choices={SHARE_NETWORKS.map((value) => ({
          value,
          label: t(`program.networks.${value}`),
        }))}
        selected={rule.networks}
        onChange={(chosen) =>
          set(
            'networks',
            NETWORKS.filter((network) => chosen.includes(network)),
          )
        }
        error={errorOf(`${name}.networks`)}
      />
      <TextField
        label={t('actions.social_share.message')}
        helpText={t('actions.social_share.messageHelp')}
        value={rule.message}
        onChange={(value) => set('message', value)}
        error={errorOf(`${name}.message`)}
        maxLength={280}
        showCharacterCount
        autoComplete="off"
      />
    </FormLayout>
  );
}

/** How it is shown, and for whom it is. */
function Conditions({
  name,
  rule,
  currency,
  errorOf,
  set,
  tiers,
}: ActionPart & Pick<ActionSectionProps, 'tiers'>) {
  const { t } = useTranslation();
  return (
    <FormLayout>
      <IconSelect value={rule.icon} disabled={false} onChange={(value) => set('icon', value)} />
      <TextField
        label={t('program.conditions.minSpend', { currency })}
        helpText={t('program.conditions.minSpendHelp')}
        value={rule.minSpend}
        onChange={(value) => set('minSpend', value)}
        error={errorOf(`${name}.minSpend`)}
        inputMode="decimal"
        autoComplete="off"
      />
      {tiers.length > 0 && (
        <ChoiceList
          allowMultiple
          title={t('program.conditions.tiers')}
          choices={tiers.map(({ tierId, name: label }) => ({ value: tierId, label }))}
          selected={rule.tierIds}
          onChange={(chosen) => set('tierIds', chosen)}
        />
      )}
      <ChoiceList
        allowMultiple
        title={t('program.conditions.segments')}
        choices={SEGMENTS.map((value) => ({
          value,
          label: t(`program.segments.${value}`),
        }))}
        selected={rule.segments}
        onChange={(chosen) => set('segments', chosen)}
      />
    </FormLayout>
  );
}
