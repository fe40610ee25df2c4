import { useTranslation } from 'react-i18next';
import { ProgramEditor } from './program-editor.tsx';
import { Expiry } from './program-sections.tsx';
import type { ProgramData } from './program.server.ts';

/** After how many days points expire. */
export function ExpirationPage(data: ProgramData) {
  const { t } = useTranslation();
  return (
    <ProgramEditor data={data} help="expiration" title={t('program.expiry.title')}>
      {(part) => <Expiry part={part} />}
    </ProgramEditor>
  );
}
