import { Icon, InlineStack, Select } from '@shopify/polaris';
import {
  CartIcon,
  EmailIcon,
  GiftCardIcon,
  HeartIcon,
  PersonIcon,
  ShareIcon,
  StarIcon,
  TargetIcon,
} from '@shopify/polaris-icons';
import { useTranslation } from 'react-i18next';
import { EARNING_ICONS, type IconName } from '#vocabulary/earning.ts';

const icons = {
  cart: CartIcon,
  person: PersonIcon,
  email: EmailIcon,
  star: StarIcon,
  gift: GiftCardIcon,
  heart: HeartIcon,
  share: ShareIcon,
  target: TargetIcon,
} as const satisfies Record<IconName, unknown>;

/** The picture beside a rule in the storefront, chosen by its name and shown. */
export function IconSelect({
  value,
  disabled,
  onChange,
}: {
  value: IconName;
  disabled: boolean;
  onChange: (icon: IconName) => void;
}) {
  const { t } = useTranslation();
  return (
    <InlineStack gap="300" blockAlign="end" wrap={false}>
      <Select
        label={t('program.icon.label')}
        options={EARNING_ICONS.map((name) => ({ value: name, label: t(`program.icon.${name}`) }))}
        value={value}
        disabled={disabled}
        onChange={(name) => onChange(EARNING_ICONS.find((icon) => icon === name) ?? value)}
      />
      <span aria-hidden="true">
        <Icon source={icons[value]} />
      </span>
    </InlineStack>
  );
}
