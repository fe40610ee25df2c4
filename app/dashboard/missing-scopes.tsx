import { useRevalidator } from '@remix-run/react';
import { Banner } from '@shopify/polaris';
import { useAppBridge } from '@shopify/app-bridge-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Shows which scopes are missing, and requests them. */
export function MissingScopes({
  scopes,
  body,
}: {
  scopes: readonly string[];
  /** What does not work without; by default rewards. */
  body?: string;
}) {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const revalidator = useRevalidator();
  const [isAsking, setAsking] = useState(false);
  const ask = async () => {
    setAsking(true);
    try {
      await shopify.scopes.request([...scopes] as Parameters<typeof shopify.scopes.request>[0]);
      revalidator.revalidate();
    } finally {
      setAsking(false);
    }
  };
  return (
    <Banner
      tone="warning"
      title={t('rewards.scopes.title')}
      action={{ content: t('rewards.scopes.allow'), loading: isAsking, onAction: () => void ask() }}
    >
      <p>{body ?? t('rewards.scopes.body', { scopes: scopes.join(', ') })}</p>
    </Banner>
  );
}
