import { BlockStack, Icon, Text, type IconProps } from '@shopify/polaris';
import {
  CashDollarIcon,
  DeliveryIcon,
  DiscountCodeIcon,
  DiscountIcon,
  GiftCardIcon,
  PointOfSaleIcon,
  ProductIcon,
  StoreIcon,
} from '@shopify/polaris-icons';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogSection } from '../../dashboard/dialog.tsx';
import { formFromTemplate, templates } from './reward-templates.ts';
import type { Template } from './reward-templates.ts';
import { useWorth } from './worth.ts';

const icons = {
  amount_off: DiscountIcon,
  amount_off_steps: DiscountIcon,
  percent_off: DiscountIcon,
  free_shipping: DeliveryIcon,
  free_product: ProductIcon,
  coupon: DiscountCodeIcon,
  store_credit: StoreIcon,
  store_credit_steps: StoreIcon,
  gift_card: GiftCardIcon,
  gift_card_steps: GiftCardIcon,
  cashback: CashDollarIcon,
  pos_amount: PointOfSaleIcon,
  pos_percent: PointOfSaleIcon,
} as const satisfies Record<Template, IconProps['source']>;

interface TemplatePickerProps {
  currency: string;
  onClose: () => void;
  onChoose: (template: Template) => void;
}

/** What to begin a reward with: what it does, what it usually costs and gives. */
export function TemplatePicker({ currency, onClose, onChoose }: TemplatePickerProps) {
  const { t } = useTranslation();
  return (
    <Dialog onClose={onClose} title={t('rewards.choose')}>
      <DialogSection>
        <BlockStack gap="200">
          <Text as="p" tone="subdued">
            {t('rewards.chooseHelp')}
          </Text>
          <ul className="ln-choices">
            {templates.map((template) => (
              <li key={template}>
                <Choice template={template} currency={currency} onChoose={onChoose} />
              </li>
            ))}
          </ul>
        </BlockStack>
      </DialogSection>
    </Dialog>
  );
}

function Choice({
  template,
  currency,
  onChoose,
}: Pick<TemplatePickerProps, 'currency' | 'onChoose'> & { template: Template }) {
  const { t } = useTranslation();
  const worth = useWorth(currency);
  const form = formFromTemplate(template, currency);
  return (
    <button type="button" className="ln-choice" onClick={() => onChoose(template)}>
      <Icon source={icons[template]} tone="base" />
      <span>
        <Text as="span" fontWeight="semibold">
          {t('rewards.templateLine', {
            name: t(`rewards.template.${template}`),
            cost: worth.cost(form) ?? '',
            value: worth.value(form) ?? '',
          })}
        </Text>
        <span className="ln-choice-note">{t(`rewards.templateNote.${template}`)}</span>
      </span>
    </button>
  );
}
