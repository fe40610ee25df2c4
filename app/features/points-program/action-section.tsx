import { Checkbox, ChoiceList, TextField } from '@shopify/polaris';
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

/** One way to earn: whether, how much, how often, and for whom. */
export function ActionSection({
  name,
  rule,
  tiers,
  currency,
  errorOf,
  onChange,
}: ActionSectionProps) {
  const { t } = useTranslation();
  const set = <Field extends keyof ActionForm>(field: Field, value: ActionForm[Field]) =>
    onChange(`${name}.${field}`, { ...rule, [field]: value });
  const number = (field: 'points' | 'limit' | 'daysBefore', label: string, help?: string) => (
    <TextField
      label={label}
      helpText={help}
      value={rule[field]}
      onChange={(value) => set(field, value)}
      error={errorOf(`${name}.${field}`)}
      inputMode="numeric"
      autoComplete="off"
    />
  );
  return (
    <FormSection title={t(`program.actions.${name}.title`)}>
      <Checkbox
        label={t(`program.actions.${name}.enabled`)}
        helpText={t(`program.actions.${name}.help`)}
        checked={rule.enabled}
        onChange={(value) => set('enabled', value)}
      />
      {rule.enabled && (
        <>
          {number('points', t('program.actions.points'))}
          {name === 'goal_spend' && (
            <>
              <TextField
                label={t('program.actions.goal_spend.amount', { currency })}
                value={rule.amount}
                onChange={(value) => set('amount', value)}
                error={errorOf(`${name}.amount`)}
                inputMode="decimal"
                autoComplete="off"
              />
              <Checkbox
                label={t('program.actions.goal_spend.repeats')}
                checked={rule.repeats}
                onChange={(value) => set('repeats', value)}
              />
            </>
          )}
          {name === 'birthday' &&
            number(
              'daysBefore',
              t('program.actions.birthday.daysBefore'),
              t('program.actions.birthday.daysBeforeHelp'),
            )}
          {name === 'review' && (
            <Checkbox
              label={t('program.actions.review.onTrust')}
              helpText={t('program.actions.review.onTrustHelp')}
              checked={rule.onTrust}
              onChange={(value) => set('onTrust', value)}
            />
          )}
          {name === 'social_follow' &&
            NETWORKS.map((network) => (
              <TextField
                key={network}
                label={t(`program.networks.${network}`)}
                placeholder="@"
                helpText={t('program.actions.social_follow.handle')}
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
            ))}
          {name === 'social_share' && (
            <>
              <ChoiceList
                allowMultiple
                title={t('program.actions.social_share.networks')}
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
                label={t('program.actions.social_share.message')}
                helpText={t('program.actions.social_share.messageHelp')}
                value={rule.message}
                onChange={(value) => set('message', value)}
                error={errorOf(`${name}.message`)}
                maxLength={280}
                showCharacterCount
                autoComplete="off"
              />
            </>
          )}
          {(name === 'review' || name === 'social_share') &&
            number('limit', t('program.actions.limit'), t('program.actions.limitHelp'))}
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
        </>
      )}
    </FormSection>
  );
}
