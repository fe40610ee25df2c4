import { useTranslation } from 'react-i18next';
import { problemOfError, shopifyAnswerOf } from './route-error.tsx';
import { useProblemText } from './problem-text.ts';

/** For when the layout failed to load and Polaris's provider is missing: plain markup. */
export function LayoutError({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const text = useProblemText();
  const answer = shopifyAnswerOf(error);
  if (answer !== undefined) return <div dangerouslySetInnerHTML={{ __html: answer }} />;
  const problem = problemOfError(error);
  return (
    <main style={{ maxWidth: '40rem', margin: '2rem auto', padding: '0 1rem' }}>
      <h1 className="Polaris-Text--root Polaris-Text--headingLg">{t('errors.title')}</h1>
      <p role="alert" style={{ margin: '1rem 0' }}>
        {text(problem.code)}
      </p>
      {problem.requestId !== '' && <p>{t('common.requestId', { requestId: problem.requestId })}</p>}
      <p style={{ margin: '1rem 0' }}>
        <a href="">{t('common.retry')}</a>
      </p>
    </main>
  );
}
