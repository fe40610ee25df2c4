import { isRouteErrorResponse, useRevalidator, useRouteError } from '@remix-run/react';
import { Banner, BlockStack, Page, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { isProblem, type Problem } from './problem.ts';
import { useProblemText } from './problem-text.ts';

/** The error boundary of a page: the navigation stays, the page says what is wrong and what to do. */
export function RouteError() {
  const error = useRouteError();
  const answer = shopifyAnswerOf(error);
  if (answer !== undefined) return <div dangerouslySetInnerHTML={{ __html: answer }} />;
  return <ProblemPage problem={problemOfError(error)} />;
}

function ProblemPage({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  const { revalidate, state } = useRevalidator();
  const text = useProblemText();
  return (
    <Page title={t('errors.title')} backAction={{ content: t('nav.home'), url: '/app' }}>
      <Banner
        tone="critical"
        {...(problem.code === 'not_found'
          ? {}
          : {
              action: {
                content: t('common.retry'),
                onAction: revalidate,
                loading: state === 'loading',
              },
            })}
      >
        <BlockStack gap="200">
          <p>{text(problem.code)}</p>
          {problem.requestId !== '' && (
            <Text as="p" tone="subdued" breakWord>
              {t('common.requestId', { requestId: problem.requestId })}
            </Text>
          )}
        </BlockStack>
      </Banner>
    </Page>
  );
}

/** The page that Shopify's library answers with instead of ours (sign-in, leaving the frame). */
export function shopifyAnswerOf(error: unknown): string | undefined {
  if (!isRouteErrorResponse(error) || isProblem(error.data)) return undefined;
  const body: unknown = error.data;
  return typeof body === 'string' && body.trimStart().startsWith('<') ? body : undefined;
}

export function problemOfError(error: unknown): Problem {
  if (isRouteErrorResponse(error)) {
    if (isProblem(error.data)) return error.data;
    return { code: error.status === 404 ? 'not_found' : 'internal', field: '', requestId: '' };
  }
  return { code: 'internal', field: '', requestId: '' };
}
