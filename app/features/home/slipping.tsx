import { BlockStack, Card, InlineStack, Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../dashboard/shop.ts';
import type { HomeFigures } from './home.server.ts';

/** The members at risk who have spent most: the ones to win back first. */
export function Slipping({ figures }: { figures: HomeFigures }) {
  const { t } = useTranslation();
  const { money, date, number } = useFormat();
  const { slipping, membersSlipping } = figures;
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {t('home.slipping.title')}
          </Text>
          {membersSlipping > 0 && (
            <Link url="/app/customers?segment=at_risk" removeUnderline>
              {t('home.slipping.all', { formatted: number(membersSlipping) })}
            </Link>
          )}
        </InlineStack>
        <Text as="p" tone="subdued">
          {t(membersSlipping > 0 ? 'home.slipping.intro' : 'home.slipping.empty')}
        </Text>
        <ul className="ln-list">
          {slipping.map((member) => (
            <li key={member.customerId}>
              <InlineStack align="space-between" gap="200">
                <BlockStack>
                  <Link url={`/app/customers/${member.customerId}`} removeUnderline>
                    {member.customerName || t('home.activity.erased')}
                  </Link>
                  {member.lastOrderAt !== '' && (
                    <Text as="p" tone="subdued" variant="bodySm">
                      <span suppressHydrationWarning>
                        {t('home.slipping.lastOrder', { date: date(member.lastOrderAt) })}
                      </span>
                    </Text>
                  )}
                </BlockStack>
                {member.totalSpend !== undefined && (
                  <Text as="span" numeric>
                    {t('home.slipping.spent', { amount: money(member.totalSpend) })}
                  </Text>
                )}
              </InlineStack>
            </li>
          ))}
        </ul>
      </BlockStack>
    </Card>
  );
}
