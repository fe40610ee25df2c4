import {
  redirect,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { languageOf } from '../i18n/i18next.server.ts';
import { publicWords } from '../i18n/public-words.server.ts';
import styles from '../styles/public.css?url';

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: styles }];
export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: 'LoyalNest' },
  { name: 'description', content: data?.words.lead ?? '' },
];

export async function loader({ request }: LoaderFunctionArgs) {
  const url = new URL(request.url);
  // Shopify's admin opens the app's address with the shop: the dashboard is one step further.
  if (url.searchParams.has('shop')) return redirect(`/app?${url.searchParams.toString()}`);
  return { words: publicWords[await languageOf(request)] };
}

export default function PublicPage() {
  const { words } = useLoaderData<typeof loader>();
  return (
    <main className="mx-auto max-w-2xl px-6 py-16 text-slate-800">
      <p className="text-sm font-semibold tracking-wide text-emerald-800">LoyalNest</p>
      <h1 className="mt-3 text-4xl font-bold text-balance">{words.title}</h1>
      <p className="mt-4 text-lg leading-relaxed text-slate-700">{words.lead}</p>
      <ul className="mt-8 space-y-3">
        {words.points.map((point) => (
          <li key={point} className="flex gap-3">
            <span
              aria-hidden="true"
              className="mt-2.5 size-2 shrink-0 rounded-full bg-emerald-700"
            />
            <span>{point}</span>
          </li>
        ))}
      </ul>
      <section id="install" className="mt-12 rounded-xl bg-emerald-50 p-6">
        <h2 className="text-xl font-semibold">{words.installTitle}</h2>
        <p className="mt-2 leading-relaxed">{words.install}</p>
      </section>
    </main>
  );
}
