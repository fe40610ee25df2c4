import { Form, NavLink, Outlet, useLoaderData } from '@remix-run/react';
import { consoleLoader } from '../features/console/console-request.server.ts';
import { useWords } from '../features/console/parts.tsx';
import { pagesFor } from '../features/console/pages.ts';
import { ADMIN_ROLES } from '#vocabulary/console.ts';

export const loader = consoleLoader(({ admin, csrf }) =>
  Promise.resolve({ csrf, username: admin.username, role: admin.role, scopes: admin.scopes }),
);

export default function Shell() {
  const { csrf, username, role, scopes } = useLoaderData<typeof loader>();
  const { t } = useWords();
  const known = ADMIN_ROLES.find((each) => each === role);
  const roleName = known === undefined ? role : t(`roles.${known}`);
  return (
    <div className="min-h-screen bg-slate-50 text-slate-900">
      <a href="#content" className="sr-only focus:not-sr-only">
        {t('nav.skip')}
      </a>
      <header className="border-b border-slate-200 bg-white">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-6 gap-y-2 px-4 py-3">
          <p className="font-bold text-emerald-800">LoyalNest</p>
          <nav aria-label={t('nav.label')}>
            <ul className="flex flex-wrap gap-1">
              {pagesFor(scopes).map(({ path, name }) => (
                <li key={path}>
                  <NavLink
                    to={path}
                    end
                    className={({ isActive }) =>
                      `inline-flex min-h-11 items-center rounded-lg px-3 font-medium ${isActive ? 'bg-emerald-100 text-emerald-950' : 'text-slate-700 hover:bg-slate-100'}`
                    }
                  >
                    {t(`nav.${name}`)}
                  </NavLink>
                </li>
              ))}
            </ul>
          </nav>
          <div className="flex flex-wrap items-center gap-3 sm:ml-auto">
            <p className="text-sm text-slate-700">
              {t('nav.signedInAs', { name: username, role: roleName })}
            </p>
            <Form method="post" action="/console/account">
              <input type="hidden" name="csrf" value={csrf} />
              <button type="submit" name="intent" value="here" className="c-quiet">
                {t('nav.signOut')}
              </button>
            </Form>
          </div>
        </div>
      </header>
      <main id="content" className="mx-auto max-w-6xl space-y-6 px-4 py-6">
        <Outlet />
      </main>
    </div>
  );
}
