import { ChoiceList, FormLayout, Text, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { SectionCard } from '../../dashboard/section-card.tsx';
import { useShop } from '../../dashboard/shop.ts';
import type { FormPart } from './form-part.ts';

/** A campaign's dates, in the shop's time zone. */
export function CampaignTime({
  form,
  set,
  errorOf,
  isOver,
  hasBegun,
  isDraft,
}: FormPart & { isDraft: boolean }) {
  const { t } = useTranslation();
  const { timezone } = useShop();
  return (
    <SectionCard title={t('campaign.time.title')}>
      <Text as="p" tone="subdued">
        {t('campaign.time.zone', { timezone: timezone.replaceAll('_', ' ') })}
      </Text>
      <FormLayout>
        <FormLayout.Group>
          <TextField
            label={t('campaign.time.start')}
            helpText={t('campaign.time.startHelp')}
            type="datetime-local"
            value={form.startLocal}
            onChange={(value) => set('startLocal', value.slice(0, 16))}
            error={errorOf('startLocal')}
            disabled={hasBegun}
            autoComplete="off"
          />
          <TextField
            label={t('campaign.time.end')}
            helpText={t('campaign.time.endHelp')}
            type="datetime-local"
            value={form.endLocal}
            onChange={(value) => set('endLocal', value.slice(0, 16))}
            error={errorOf('endLocal')}
            disabled={isOver}
            autoComplete="off"
          />
        </FormLayout.Group>
        {isDraft && (
          <ChoiceList
            title={t('campaign.published')}
            choices={[
              {
                value: 'true',
                label: t('campaign.publish'),
                helpText: t('campaign.publishHelp'),
              },
              { value: 'false', label: t('campaign.draft'), helpText: t('campaign.draftHelp') },
            ]}
            selected={[String(form.published)]}
            onChange={([value]) => set('published', value === 'true')}
            error={errorOf('published')}
          />
        )}
      </FormLayout>
    </SectionCard>
  );
}
