import { createHash } from 'node:crypto';
import { renderToStaticMarkup } from 'react-dom/server';
import type { Language } from '../../i18n/languages.ts';
import type { Message } from './invitation.server.ts';

/** A page of ours at the shop's address: nothing of it is fetched, and it works without script. */
export interface LandingPage extends Message {
  readonly language: Language;
  /** Of the previews that messengers make. */
  readonly shopName: string;
  readonly picture: string;
  readonly actions: readonly Action[];
  readonly status?: number;
}

/** A link, or a form that posts nothing but its address: Shopify signs that, and not what a form holds. */
export interface Action {
  readonly label: string;
  readonly to: string;
  readonly posts?: boolean;
}

const style = `
body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f4f6f5;color:#1c2724;font:1.0625rem/1.5 system-ui,sans-serif}
main{box-sizing:border-box;width:min(30rem,100% - 2rem);margin:1rem;padding:2.5rem 2rem;border-radius:1rem;background:#fff;text-align:center;overflow-wrap:anywhere}
svg{width:4rem;height:4rem;fill:none;stroke:#0f766e;stroke-width:1.5;stroke-linejoin:round}
h1{margin:.75rem 0;font-size:1.625rem;line-height:1.25;text-wrap:balance}
p{margin:.5rem 0}
form{margin:0}
a,button{box-sizing:border-box;display:block;width:100%;margin-top:.75rem;padding:.8rem 1rem;border:1px solid #0f766e;border-radius:.6rem;background:#fff;color:#0f766e;font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
.first{margin-top:1.5rem;background:#0f766e;color:#fff}
a:focus-visible,button:focus-visible{outline:3px solid #1c2724;outline-offset:2px}
@media(prefers-color-scheme:dark){body{background:#131a18;color:#eef3f1}main{background:#1d2725}svg{stroke:#5eead4}a,button{background:none;border-color:#5eead4;color:#5eead4}.first{background:#5eead4;color:#10201c}a:focus-visible,button:focus-visible{outline-color:#eef3f1}}
`;
const styleHash = createHash('sha256').update(style).digest('base64');

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'private, no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'x-robots-tag': 'noindex, nofollow',
};

function Page({ title, lines, language, shopName, picture, actions }: LandingPage) {
  const description = lines.join(' ');
  return (
    <html lang={language}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>{title}</title>
        <meta name="robots" content="noindex,nofollow" />
        <meta name="description" content={description} />
        <meta property="og:type" content="website" />
        <meta property="og:title" content={title} />
        <meta property="og:description" content={description} />
        <meta property="og:image" content={picture} />
        <meta property="og:image:width" content="1200" />
        <meta property="og:image:height" content="630" />
        <meta property="og:image:alt" content={title} />
        {shopName !== '' && <meta property="og:site_name" content={shopName} />}
        <meta name="twitter:card" content="summary_large_image" />
        <link rel="icon" href="data:," />
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <main>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 11h16v9H4zM3 7h18v4H3zM12 7v13M12 7C7 7 7 3 10 3q2 0 2 4 0-4 2-4c3 0 3 4-2 4" />
          </svg>
          <h1>{title}</h1>
          {lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
          {actions.map((action, index) => (
            <Button key={action.to} {...action} look={index === 0 ? 'first' : undefined} />
          ))}
        </main>
      </body>
    </html>
  );
}

function Button({ label, to, posts, look }: Action & { look: string | undefined }) {
  return posts === true ? (
    <form method="post" action={to}>
      <button className={look}>{label}</button>
    </form>
  ) : (
    <a className={look} href={to}>
      {label}
    </a>
  );
}

export const pageHtml = (page: LandingPage): string =>
  `<!doctype html>${renderToStaticMarkup(<Page {...page} />)}`;

/** Kept by no cache: what it says depends on who is signed in. */
export const htmlResponse = (html: string, status = 200): Response =>
  new Response(html, { status, headers });
