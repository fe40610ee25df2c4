import { TEXT_LIMITS } from '../../../proto/shared/content-limits.rules.ts';
import { Checkbox, ChoiceList, Link, Select, Text, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { PictureField } from '../../dashboard/picture-field.tsx';
import { FormSection } from '../../dashboard/form-section.tsx';
import type { Language } from '../../i18n/languages.ts';
import { ColorField } from './color-field.tsx';
import { isColor, tidyColor } from './contrast.rules.ts';
import { type ContentForm, type Surface, type Words } from './content-form.ts';
import { WordsFields } from './words-fields.tsx';
import { choicesOf } from '../../dashboard/choices.ts';
import {
  LAUNCHER_ICONS,
  LAUNCHER_POSITIONS,
  type LauncherPosition,
} from '#vocabulary/storefront.ts';

/** What shoppers read in each language where the shop has written nothing. */
export interface OwnWords {
  readonly launcher: Words;
  readonly welcome: Words;
  readonly pageTitle: Words;
  readonly postPurchase: Words;
}

interface SectionProps {
  readonly form: ContentForm;
  readonly ownWords: OwnWords;
  readonly defaultLanguage: Language;
  readonly errorOf: (name: string) => string | undefined;
  /** @param name of the field that was changed, as core names it */
  readonly onChange: <Part extends keyof ContentForm>(
    name: string,
    part: Part,
    changes: Partial<ContentForm[Part]>,
  ) => void;
  readonly onToggleCheckout: (shown: boolean) => void;
}

/** The default color, darkened as the widget does. */
const OWN_COLOR = '#0f766e';

/** The fields of one part of the storefront. */
export function ContentSection({ surface, ...props }: SectionProps & { surface: Surface }) {
  const Section = sections[surface];
  return <Section {...props} />;
}

const sections = {
  launcher: Launcher,
  panel: Panel,
  bar: StickyBar,
  page: RewardsPage,
  after: PostPurchase,
  checkout: Checkout,
} as const satisfies Record<Surface, unknown>;

const launcherColorOf = ({ launcher }: ContentForm): string => {
  const color = tidyColor(launcher.color);
  return isColor(color) ? color : OWN_COLOR;
};

function Launcher({ form, ownWords, defaultLanguage, errorOf, onChange }: SectionProps) {
  const { t } = useTranslation();
  const { launcher } = form;
  return (
    <FormSection title={t('content.tabs.launcher')}>
      <ColorField
        label={t('content.launcher.color')}
        help={t('content.launcher.colorHelp')}
        fallback={OWN_COLOR}
        value={launcher.color}
        error={errorOf('launcher.color')}
        onChange={(color) => onChange('launcher.color', 'launcher', { color })}
      />
      <ChoiceList
        title={t('content.launcher.position')}
        choices={choicesOf<LauncherPosition>({
          left: t('content.launcher.left'),
          right: t('content.launcher.right'),
        })}
        selected={[launcher.position]}
        onChange={([value]) =>
          onChange('launcher.position', 'launcher', {
            position: LAUNCHER_POSITIONS.find((one) => one === value) ?? launcher.position,
          })
        }
      />
      <Select
        label={t('content.launcher.icon')}
        options={LAUNCHER_ICONS.map((icon) => ({ value: icon, label: t(`content.icons.${icon}`) }))}
        value={launcher.icon}
        onChange={(value) =>
          onChange('launcher.icon', 'launcher', {
            icon: LAUNCHER_ICONS.find((icon) => icon === value) ?? launcher.icon,
          })
        }
      />
      <WordsFields
        name="launcher.text"
        label={(language) => t('content.launcher.text', { language })}
        words={launcher.text}
        own={ownWords.launcher}
        defaultLanguage={defaultLanguage}
        maxLength={TEXT_LIMITS.launcher}
        errorOf={errorOf}
        onChange={(name, text) => onChange(name, 'launcher', { text })}
      />
      <Text as="p" tone="subdued">
        {t('content.launcher.textHelp')}
      </Text>
      <Link url="/app/settings">{t('content.launcher.pointsName')}</Link>
    </FormSection>
  );
}

function Panel({ form, ownWords, defaultLanguage, errorOf, onChange }: SectionProps) {
  const { t } = useTranslation();
  const { panel } = form;
  return (
    <FormSection title={t('content.tabs.panel')}>
      <ColorField
        label={t('content.panel.color')}
        help={t('content.color.asLauncher')}
        fallback={launcherColorOf(form)}
        value={panel.color}
        error={errorOf('panel.color')}
        onChange={(color) => onChange('panel.color', 'panel', { color })}
      />
      <PictureField
        label={t('content.panel.logo')}
        helpText={t('content.panel.logoHelp')}
        value={panel.logoUrl}
        error={errorOf('panel.logo_url')}
        onChange={(logoUrl) => onChange('panel.logo_url', 'panel', { logoUrl })}
      />
      <WordsFields
        name="panel.welcome"
        label={(language) => t('content.panel.welcome', { language })}
        words={panel.welcome}
        own={ownWords.welcome}
        defaultLanguage={defaultLanguage}
        maxLength={TEXT_LIMITS.welcome}
        multiline
        errorOf={errorOf}
        onChange={(name, welcome) => onChange(name, 'panel', { welcome })}
      />
      <Text as="p" tone="subdued">
        {t('content.panel.welcomeHelp')}
      </Text>
    </FormSection>
  );
}

function StickyBar({ form, defaultLanguage, errorOf, onChange }: SectionProps) {
  const { t } = useTranslation();
  const { stickyBar } = form;
  return (
    <FormSection title={t('content.tabs.bar')}>
      <Checkbox
        label={t('content.bar.enabled')}
        helpText={t('content.bar.enabledHelp')}
        checked={stickyBar.enabled}
        onChange={(enabled) => onChange('sticky_bar.enabled', 'stickyBar', { enabled })}
      />
      <WordsFields
        name="sticky_bar.text"
        label={(language) => t('content.bar.text', { language })}
        words={stickyBar.text}
        defaultLanguage={defaultLanguage}
        maxLength={TEXT_LIMITS.stickyBar}
        multiline
        errorOf={errorOf}
        onChange={(name, text) => onChange(name, 'stickyBar', { text })}
      />
      <ColorField
        label={t('content.bar.color')}
        help={t('content.color.asLauncher')}
        fallback={launcherColorOf(form)}
        value={stickyBar.color}
        error={errorOf('sticky_bar.color')}
        onChange={(color) => onChange('sticky_bar.color', 'stickyBar', { color })}
      />
      <TextField
        label={t('content.bar.link')}
        helpText={t('content.bar.linkHelp')}
        value={stickyBar.link}
        onChange={(link) => onChange('sticky_bar.link', 'stickyBar', { link })}
        error={errorOf('sticky_bar.link')}
        placeholder="/pages/rewards"
        maxLength={TEXT_LIMITS.address}
        autoComplete="off"
      />
    </FormSection>
  );
}

function RewardsPage({ form, ownWords, defaultLanguage, errorOf, onChange }: SectionProps) {
  const { t } = useTranslation();
  const { page } = form;
  return (
    <FormSection title={t('content.tabs.page')}>
      <WordsFields
        name="page.title"
        label={(language) => t('content.page.title', { language })}
        words={page.title}
        own={ownWords.pageTitle}
        defaultLanguage={defaultLanguage}
        maxLength={TEXT_LIMITS.pageTitle}
        errorOf={errorOf}
        onChange={(name, title) => onChange(name, 'page', { title })}
      />
      <ColorField
        label={t('content.page.color')}
        help={t('content.color.asLauncher')}
        fallback={launcherColorOf(form)}
        value={page.color}
        error={errorOf('page.color')}
        onChange={(color) => onChange('page.color', 'page', { color })}
      />
      <Text as="p" tone="subdued">
        {t('content.page.help')}
      </Text>
    </FormSection>
  );
}

function PostPurchase({ form, ownWords, defaultLanguage, errorOf, onChange }: SectionProps) {
  const { t } = useTranslation();
  const { postPurchase } = form;
  return (
    <FormSection title={t('content.tabs.after')}>
      <Checkbox
        label={t('content.after.enabled')}
        helpText={t('content.after.enabledHelp')}
        checked={postPurchase.enabled}
        onChange={(enabled) => onChange('post_purchase.enabled', 'postPurchase', { enabled })}
      />
      <WordsFields
        name="post_purchase.text"
        label={(language) => t('content.after.text', { language })}
        words={postPurchase.text}
        own={ownWords.postPurchase}
        defaultLanguage={defaultLanguage}
        maxLength={TEXT_LIMITS.postPurchase}
        multiline
        errorOf={errorOf}
        onChange={(name, text) => onChange(name, 'postPurchase', { text })}
      />
    </FormSection>
  );
}

function Checkout({ form, onToggleCheckout }: SectionProps) {
  const { t } = useTranslation();
  return (
    <FormSection title={t('content.tabs.checkout')}>
      <Checkbox
        label={t('content.checkout.enabled')}
        helpText={t('content.checkout.help')}
        checked={form.checkoutPointsDisplay}
        onChange={onToggleCheckout}
      />
    </FormSection>
  );
}
