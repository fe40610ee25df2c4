import { FooterHelp, Link } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { useShop } from './shop.ts';

/** The pages of docs/merchant, by their files' names. */
export type HelpTopic =
  | 'setup'
  | 'earning'
  | 'rewards'
  | 'tiers'
  | 'campaigns'
  | 'referrals'
  | 'expiration'
  | 'messages'
  | 'why-is-my-balance-so';

/** At the foot of a page: where the documentation says more. Nothing where it has no public address. */
export function HelpLink({ topic }: { topic: HelpTopic }) {
  const { t } = useTranslation();
  const { documentation } = useShop();
  if (documentation === '') return null;
  return (
    <FooterHelp>
      <Link url={`${documentation}/${topic}.md`} target="_blank">
        {t(`help.${topic}`)}
      </Link>
    </FooterHelp>
  );
}
