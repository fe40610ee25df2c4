import { useTranslation } from 'react-i18next';
import { FormSection } from '../../dashboard/form-section.tsx';
import { PictureField } from '../../dashboard/picture-field.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { RewardField } from './reward-field.tsx';
import type { FormPart } from './reward-field.tsx';

const words = ['En', 'Es', 'Fr'] as const;

const languageOf = (suffix: (typeof words)[number]) =>
  suffix === 'En' ? 'en' : suffix === 'Es' ? 'es' : 'fr';

/** What shoppers read of it, in their languages. */
export function RewardWords({ part }: { part: FormPart }) {
  const { t } = useTranslation();
  const { languageName } = useFormat();
  return (
    <FormSection title={t('rewards.section.words')}>
      {words.map((language) => (
        <RewardField
          key={language}
          part={part}
          name={`title${language}`}
          label={t('rewards.field.title', { language: languageName(languageOf(language)) })}
          requiredIndicator={language === 'En'}
          maxLength={120}
        />
      ))}
      {words.map((language) => (
        <RewardField
          key={language}
          part={part}
          name={`description${language}`}
          label={t('rewards.field.description', {
            language: languageName(languageOf(language)),
          })}
          maxLength={300}
        />
      ))}
      <PictureField
        label={t('rewards.field.icon')}
        helpText={t('rewards.field.iconHelp')}
        value={part.form.iconUrl}
        error={part.errorOf('iconUrl')}
        onChange={(picture) => part.set('iconUrl', picture)}
      />
    </FormSection>
  );
}
