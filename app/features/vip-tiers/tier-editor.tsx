import {
  BlockStack,
  Button,
  ButtonGroup,
  Card,
  Checkbox,
  FormLayout,
  InlineGrid,
  InlineStack,
  Select,
  Text,
  TextField,
} from '@shopify/polaris';
import { ArrowDownIcon, ArrowUpIcon, DeleteIcon } from '@shopify/polaris-icons';
import { useTranslation } from 'react-i18next';
import { wordsIn } from '../../dashboard/localized.ts';
import { useFormat } from '../../dashboard/shop.ts';
import { LANGUAGES } from '../../i18n/languages.ts';
import { tierField, type TierForm, type Words } from './ladder-form.ts';
import type { TierBasis } from '#vocabulary/tiers.ts';

export interface TierReward {
  readonly rewardId: string;
  readonly title: Readonly<Record<string, string>>;
}

interface TierEditorProps {
  tier: TierForm;
  /** From 1, the lowest. */
  place: number;
  isHighest: boolean;
  basis: TierBasis;
  currency: string;
  /** What entering a tier may give, as the merchant named it. */
  rewards: readonly TierReward[];
  /** Who holds it now; undefined for a tier that is not in force. */
  members: number | undefined;
  errorOf: (name: string) => string | undefined;
  onChange: (field: string, changes: Partial<TierForm>) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

/** One tier: what it is called, what it asks for, what it gives. */
export function TierEditor({
  tier,
  place,
  isHighest,
  basis,
  currency,
  rewards,
  members,
  errorOf,
  onChange,
  onMove,
  onRemove,
}: TierEditorProps) {
  const { t } = useTranslation();
  const { language, languageName, number } = useFormat();
  const title = wordsIn(tier.names, language) || t('tiers.tier.unnamed', { place });
  const error = (field: string) => errorOf(tierField(tier.key, field));
  const inEachLanguage = (
    field: 'names' | 'perks',
    label: 'tiers.tier.name' | 'tiers.tier.perks',
    maxLength: number,
  ) =>
    LANGUAGES.map((one) => (
      <TextField
        key={one}
        label={t(label, { language: languageName(one) })}
        value={tier[field][one]}
        onChange={(value) => {
          const words: Words = { ...tier[field], [one]: value };
          onChange(`${field}.${one}`, { [field]: words });
        }}
        error={error(`${field}.${one}`)}
        maxLength={maxLength}
        autoComplete="off"
        {...(field === 'perks' && { multiline: 2 })}
      />
    ));
  return (
    <Card>
      <section aria-label={title}>
        <BlockStack gap="400">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <BlockStack gap="050">
              <Text as="h3" variant="headingMd">
                {title}
              </Text>
              <Text as="p" tone="subdued">
                {members === undefined
                  ? t('tiers.tier.notYet')
                  : t('tiers.tier.members', { count: members, formatted: number(members) })}
              </Text>
            </BlockStack>
            <ButtonGroup>
              <Button
                icon={ArrowUpIcon}
                accessibilityLabel={t('tiers.tier.moveUp', { title })}
                disabled={place === 1}
                onClick={() => onMove(-1)}
              />
              <Button
                icon={ArrowDownIcon}
                accessibilityLabel={t('tiers.tier.moveDown', { title })}
                disabled={isHighest}
                onClick={() => onMove(1)}
              />
              <Button
                icon={DeleteIcon}
                tone="critical"
                accessibilityLabel={t('tiers.tier.remove', { title })}
                onClick={onRemove}
              />
            </ButtonGroup>
          </InlineStack>
          <InlineGrid columns={{ xs: 1, md: 3 }} gap="400">
            {inEachLanguage('names', 'tiers.tier.name', 60)}
          </InlineGrid>
          <FormLayout>
            <FormLayout.Group>
              {basis !== 'points' && (
                <TextField
                  label={t('tiers.tier.spend')}
                  value={tier.spend}
                  onChange={(spend) => onChange('spend', { spend })}
                  error={error('spend')}
                  suffix={currency}
                  inputMode="decimal"
                  autoComplete="off"
                />
              )}
              {basis !== 'spend' && (
                <TextField
                  label={t('tiers.tier.points')}
                  value={tier.points}
                  onChange={(points) => onChange('points', { points })}
                  error={error('points')}
                  inputMode="numeric"
                  autoComplete="off"
                />
              )}
            </FormLayout.Group>
            <FormLayout.Group>
              <TextField
                label={t('tiers.tier.multiplier')}
                helpText={t('tiers.tier.multiplierHelp')}
                value={tier.multiplier}
                onChange={(multiplier) => onChange('multiplier', { multiplier })}
                error={error('multiplier')}
                inputMode="decimal"
                autoComplete="off"
              />
              <TextField
                label={t('tiers.tier.entryPoints')}
                helpText={t('tiers.tier.entryPointsHelp')}
                value={tier.entryPoints}
                onChange={(entryPoints) => onChange('entryPoints', { entryPoints })}
                error={error('entryPoints')}
                inputMode="numeric"
                autoComplete="off"
              />
            </FormLayout.Group>
            <Select
              label={t('tiers.tier.entryReward')}
              helpText={t(
                rewards.length === 0 ? 'tiers.tier.entryRewardNone' : 'tiers.tier.entryRewardHelp',
              )}
              options={[
                { value: '', label: t('tiers.tier.noReward') },
                ...rewards.map(({ rewardId, title }) => ({
                  value: rewardId,
                  label: wordsIn(title, language),
                })),
              ]}
              value={tier.entryRewardId}
              onChange={(entryRewardId) => onChange('entryRewardId', { entryRewardId })}
              error={error('entryRewardId')}
            />
            <Checkbox
              label={t('tiers.tier.freeShipping')}
              helpText={t('tiers.tier.freeShippingHelp')}
              checked={tier.freeShipping}
              onChange={(freeShipping) => onChange('freeShipping', { freeShipping })}
            />
            <Checkbox
              label={t('tiers.tier.earlyAccess')}
              helpText={t('tiers.tier.earlyAccessHelp')}
              checked={tier.earlyAccess}
              onChange={(earlyAccess) => onChange('earlyAccess', { earlyAccess })}
            />
          </FormLayout>
          <InlineGrid columns={{ xs: 1, md: 3 }} gap="400">
            {inEachLanguage('perks', 'tiers.tier.perks', 500)}
          </InlineGrid>
        </BlockStack>
      </section>
    </Card>
  );
}
