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
import { tierField, type TierForm, type Words } from './tier-set-form.ts';
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
  const { language } = useFormat();
  const title = wordsIn(tier.names, language) || t('tiers.tier.unnamed', { place });
  const part: TierPart = { tier, onChange, error: (field) => errorOf(tierField(tier.key, field)) };
  return (
    <Card>
      <section aria-label={title}>
        <BlockStack gap="400">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Heading title={title} members={members} />
            <Moves {...{ title, place, isHighest, onMove, onRemove }} />
          </InlineStack>
          <InEachLanguage part={part} field="names" label="tiers.tier.name" maxLength={60} />
          <FormLayout>
            <FormLayout.Group>
              {basis !== 'points' && (
                <TierField part={part} name="spend" suffix={currency} inputMode="decimal" />
              )}
              {basis !== 'spend' && <TierField part={part} name="points" inputMode="numeric" />}
            </FormLayout.Group>
            <FormLayout.Group>
              <TierField
                part={part}
                name="multiplier"
                helpText={t('tiers.tier.multiplierHelp')}
                inputMode="decimal"
              />
              <TierField
                part={part}
                name="entryPoints"
                helpText={t('tiers.tier.entryPointsHelp')}
                inputMode="numeric"
              />
            </FormLayout.Group>
            <EntryReward part={part} rewards={rewards} />
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
          <InEachLanguage part={part} field="perks" label="tiers.tier.perks" maxLength={500} />
        </BlockStack>
      </section>
    </Card>
  );
}

/** What every field of a tier works with. */
interface TierPart {
  readonly tier: TierForm;
  readonly error: (field: string) => string | undefined;
  readonly onChange: TierEditorProps['onChange'];
}

interface TierFieldProps {
  part: TierPart;
  name: 'spend' | 'points' | 'multiplier' | 'entryPoints';
  helpText?: string;
  suffix?: string;
  inputMode: 'numeric' | 'decimal';
}

function TierField({ part, name, ...looks }: TierFieldProps) {
  const { t } = useTranslation();
  return (
    <TextField
      {...looks}
      label={t(`tiers.tier.${name}`)}
      value={part.tier[name]}
      onChange={(value) => part.onChange(name, { [name]: value })}
      error={part.error(name)}
      autoComplete="off"
    />
  );
}

function InEachLanguage({
  part: { tier, error, onChange },
  field,
  label,
  maxLength,
}: {
  part: TierPart;
  field: 'names' | 'perks';
  label: 'tiers.tier.name' | 'tiers.tier.perks';
  maxLength: number;
}) {
  const { t } = useTranslation();
  const { languageName } = useFormat();
  return (
    <InlineGrid columns={{ xs: 1, md: 3 }} gap="400">
      {LANGUAGES.map((one) => (
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
      ))}
    </InlineGrid>
  );
}

function Heading({ title, members }: { title: string } & Pick<TierEditorProps, 'members'>) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
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
  );
}

function Moves({
  title,
  place,
  isHighest,
  onMove,
  onRemove,
}: Pick<TierEditorProps, 'place' | 'isHighest' | 'onMove' | 'onRemove'> & { title: string }) {
  const { t } = useTranslation();
  return (
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
  );
}

function EntryReward({ part, rewards }: { part: TierPart } & Pick<TierEditorProps, 'rewards'>) {
  const { t } = useTranslation();
  const { language } = useFormat();
  return (
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
      value={part.tier.entryRewardId}
      onChange={(entryRewardId) => part.onChange('entryRewardId', { entryRewardId })}
      error={part.error('entryRewardId')}
    />
  );
}
