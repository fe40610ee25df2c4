// Every message that the providers took, as its recipient sees it.
import { escapeHtml as e, html, type Reply } from '../shopify/http.ts';
import type { Taken } from './desk.ts';
import type { PostOffice } from './post-office.ts';

const css = `
  body { font: 14px/1.5 system-ui, sans-serif; margin: 0; color: #1f2328; background: #f6f7f8 }
  header { padding: 16px 24px; background: #fff; border-bottom: 1px solid #d9dcdf }
  h1 { font-size: 18px; margin: 0 } a { color: #0f5bb5 }
  main { display: grid; grid-template-columns: minmax(260px, 360px) 1fr; min-height: 80vh }
  ol { list-style: none; margin: 0; padding: 0; border-right: 1px solid #d9dcdf; background: #fff }
  li a { display: block; padding: 12px 24px; border-bottom: 1px solid #eceef0; text-decoration: none; color: inherit }
  li a[aria-current] { background: #e8f0fb } small { color: #59636e; display: block }
  article { padding: 24px } dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0 0 16px }
  dt { color: #59636e } dd { margin: 0; overflow-wrap: anywhere }
  iframe { width: 100%; height: 70vh; border: 1px solid #d9dcdf; background: #fff }
  pre { white-space: pre-wrap; background: #fff; border: 1px solid #d9dcdf; padding: 16px; max-width: 420px; border-radius: 16px }
  @media (max-width: 700px) { main { grid-template-columns: 1fr } }`;

export function inboxPage({ messages }: PostOffice, url: URL): Reply {
  const newest = [...messages].reverse();
  const shown = newest.find(({ id }) => id === url.searchParams.get('id')) ?? newest[0];
  const list = newest.map((message) => lineOf(message, message === shown)).join('');
  return html(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Messages</title>
<meta name="viewport" content="width=device-width"><style>${css}</style>
<header><h1>Messages to members</h1><a href="/">Admin</a> · <a href="/_control">Control</a></header>
<main>${
    shown === undefined
      ? '<article><p>No message was sent yet. Connect a provider under Settings, Integrations, and have a member earn points.</p></article>'
      : `<ol>${list}</ol>${articleOf(shown)}`
  }</main></html>`);
}

const lineOf = (message: Taken, isShown: boolean): string =>
  `<li><a href="/_messages?id=${encodeURIComponent(message.id)}"${isShown ? ' aria-current="true"' : ''}>
<strong>${e(message.subject || message.text.slice(0, 60))}</strong>
<small>${e(message.to)} · ${e(message.provider)} · ${e(message.channel)}</small>
<small>${e(message.at)}</small></a></li>`;

function articleOf(message: Taken): string {
  const facts: [string, string][] = [
    ['From', message.from],
    ['To', message.to],
    ['By', `${message.provider}, ${message.channel}`],
    ['At', message.at],
    ...Object.entries(message.headers),
  ];
  // In a frame without scripts: what a merchant wrote is shown and does nothing.
  const body =
    message.channel === 'email'
      ? `<iframe sandbox srcdoc="${e(message.html)}" title="Message"></iframe><details><summary>Plain text</summary><pre>${e(message.text)}</pre></details>`
      : `<pre>${e(message.text)}</pre>`;
  return `<article><h2>${e(message.subject)}</h2><dl>${facts
    .map(([name, value]) => `<dt>${e(name)}</dt><dd>${e(value)}</dd>`)
    .join('')}</dl>${body}</article>`;
}
