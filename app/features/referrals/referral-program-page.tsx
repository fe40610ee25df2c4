import { useFetcher } from '@remix-run/react';
import { BlockStack, Layout, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { EditorPage } from '../../dashboard/editor-page.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { useSavedForm } from '../../dashboard/saved-form.ts';
import { SectionCard } from '../../dashboard/section-card.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import type en from '../../i18n/locales/en/dashboard.json';
import { readTypedAmount } from '../../i18n/typed-amount.ts';
import { readTypedDecimal, readTypedWhole } from '../../i18n/typed-number.ts';
import { formOfConfig, isSameForm, type ReferralPart, type SideForm } from './referral-form.ts';
import type { ReferralProgramData } from './referral-program.server.ts';
import { Channels, Goal, Limits, Review, Status, Tiers } from './referral-rules.tsx';
import { useSideText } from './referral-words.tsx';
import { SideReward } from './side-reward-fields.tsx';

/** The rules of the referral program, saved as a whole. */
export function ReferralProgramPage({ config, currency }: ReferralProgramData) {
  const { t } = useTranslation();
  const fetcher = useFetcher<{ ok: true } | Refusal>();
  const editing = useSavedForm(formOfConfig(config), isSameForm, fetcher, String(config.version));
  const { form, change, revision, send } = editing;
  const errorOf = useOwnErrors(editing);
  const save = (over = revision) =>
    send(() =>
      fetcher.submit({ form: JSON.stringify(form), currency, revision: over }, { method: 'post' }),
    );
  const part: ReferralPart = {
    form,
    currency,
    errorOf,
    set: (name, value) => change(name, (current) => ({ ...current, [name]: value })),
    setSide: (side, name, value) =>
      change(`${side}.${name}`, (current) => ({
        ...current,
        [side]: { ...current[side], [name]: value },
      })),
  };
  return (
    <EditorPage
      title={t('referralProgram.title')}
      backAction={{ content: t('referralProgram.back'), url: '/app/referrals' }}
      help="referrals"
      editing={editing}
      onSave={save}
      saved={t('referralProgram.saved')}
      notSaved={t('referralProgram.notSaved')}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <Status part={part} />
            <Goal part={part} />
            <SideReward part={part} side="advocate" />
            <Tiers part={part} />
            <SideReward part={part} side="friend" />
            <Limits part={part} />
            <Channels part={part} />
            <Review part={part} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <Example form={form} currency={currency} />
        </Layout.Section>
      </Layout>
    </EditorPage>
  );
}

type OwnError = keyof typeof en.referralProgram.errors;

/** Messages of this page alone are among its own words, so that no other page loads them. */
function useOwnErrors({
  errorOf,
  refusal,
}: {
  errorOf: (name: string) => string | undefined;
  refusal: Refusal | undefined;
}): (name: string) => string | undefined {
  const { t, i18n } = useTranslation();
  return (name) => {
    const general = errorOf(name);
    const path = `referralProgram.errors.${refusal?.fields[name] ?? ''}`;
    return general !== undefined && i18n.exists(path)
      ? t(path as `referralProgram.errors.${OwnError}`)
      : general;
  };
}

/** The offer as customers read it, as it is typed. */
function Example({ form, currency }: Pick<ReferralPart, 'form' | 'currency'>) {
  const { t } = useTranslation();
  const { money } = useFormat();
  const sideText = useSideText();
  const textOf = (side: SideForm) =>
    sideText({
      kind: side.kind,
      points: readTypedWhole(side.points) ?? 0,
      discount: side.discount,
      value:
        (side.discount === 'percent'
          ? readTypedDecimal(side.value, 2)
          : readTypedAmount(side.value, currency)) ?? '0',
      minPurchase: readTypedAmount(side.minPurchase, currency) ?? '',
      expiresAfterDays: 0,
    });
  const amount = readTypedAmount(form.minOrder, currency);
  return (
    <SectionCard title={t('referralProgram.example.title')}>
      <Text as="p" variant="headingMd">
        {t('referralProgram.example.member', {
          friend: textOf(form.friend),
          advocate: textOf(form.advocate),
        })}
      </Text>
      <Text as="p">
        {form.goal === 'signup'
          ? t('referralProgram.example.goalSignup')
          : amount === undefined || amount === ''
            ? t('referralProgram.example.goalOrder')
            : t('referralProgram.example.goalOrderFrom', { amount: money({ amount, currency }) })}
      </Text>
    </SectionCard>
  );
}
