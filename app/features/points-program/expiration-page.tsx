import { useTranslation } from 'react-i18next';
import type { PreviewSlot } from '../../dashboard/preview-slot.ts';
import { expirySample } from './expiry-sample.ts';
import { ProgramEditor } from './program-editor.tsx';
import { Expiry } from './program-sections.tsx';
import type { ProgramData } from './program.server.ts';

/** After how many days points expire, and how a member reads of it. */
export function ExpirationPage({ Preview, ...data }: ProgramData & { Preview: PreviewSlot }) {
  const { t } = useTranslation();
  return (
    <ProgramEditor
      data={data}
      help="expiration"
      title={t('program.expiry.title')}
      beside={({ form }) => (
        <Preview view="home" draft={() => expirySample(form, startOfToday())} />
      )}
    >
      {(part) => <Expiry part={part} />}
    </ProgramEditor>
  );
}

/** The same all day, so that the preview is drawn anew by changes alone. */
const startOfToday = () => new Date().setUTCHours(12, 0, 0, 0);
