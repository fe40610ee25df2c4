import {
  json,
  type ActionFunctionArgs,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { unsubscribeView } from '../features/messages/unsubscribe-page.server.ts';
import { readUnsubscribe, unsubscribe } from '../features/messages/unsubscribe.server.ts';
import { languageOf } from '../i18n/i18next.server.ts';
import styles from '../styles/public.css?url';

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: styles }];
export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data?.title ?? 'LoyalNest' },
  { name: 'robots', content: 'noindex' },
];

/** Mailboxes follow links before their owners do: looking changes nothing. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const found = await readUnsubscribe(params['token'] ?? '');
  const view = unsubscribeView(found, 'ask', await languageOf(request));
  return json(view, { status: found === undefined ? 404 : 200, headers: noStore });
}

/** The page's button, and what mail programs post on their own (RFC 8058): without a cookie and without a page. */
export async function action({ request, params }: ActionFunctionArgs) {
  const found = await unsubscribe(params['token'] ?? '');
  const view = unsubscribeView(found, 'done', await languageOf(request));
  return json(view, { status: found === undefined ? 404 : 200, headers: noStore });
}

const noStore = { 'cache-control': 'no-store' };

export default function UnsubscribePage() {
  const asked = useLoaderData<typeof loader>();
  const { title, text, button, language } = useActionData<typeof action>() ?? asked;
  return (
    <main lang={language} className="mx-auto max-w-2xl px-6 py-16 text-slate-800">
      <h1 className="text-3xl font-bold text-balance">{title}</h1>
      <p className="mt-4 text-lg leading-relaxed text-slate-700">{text}</p>
      {button !== '' && (
        <Form method="post" className="mt-8">
          <button
            type="submit"
            className="rounded-lg bg-emerald-800 px-5 py-3 font-semibold text-white"
          >
            {button}
          </button>
        </Form>
      )}
    </main>
  );
}
