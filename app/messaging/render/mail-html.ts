import { pictureId } from '../../../proto/shared/picture.rules.ts';
import type { MailDocument, MessageBlock } from '../../../proto/shared/messages/blocks.ts';
import { paragraphsOf, textRuns, type TextRun } from '../../../proto/shared/messages/markup.ts';
import { textParts, type TextPart } from '../../../proto/shared/messages/variables.ts';
import { escaped } from './escape.ts';
import { FRAME_WORDS, reasonFor } from './frame-words.ts';
import { mailStyle, style } from './mail-style.ts';
import type { MessageRequest, MessageShop } from './message.ts';
import { mjmlToHtml } from './mjml.ts';
import { plainLine } from './plain-text.ts';
import { filled, oneLine, type Piece, type WrittenValues } from './values.ts';

/** What the blocks of one mail are written with. */
interface Mail {
  readonly values: WrittenValues;
  readonly shop: MessageShop;
}

/** A mail as HTML that mail programs render: tables from MJML, nothing loaded but the shop's own pictures. */
export async function htmlMail(
  request: MessageRequest,
  document: MailDocument,
  values: WrittenValues,
  subject: string,
): Promise<string> {
  const { shop, language } = request;
  const preheader = plainLine(document.preheader, values) ?? '';
  const blocks = document.blocks.map((block) => blockMjml(block, { values, shop })).join('');
  return mjmlToHtml(
    `<mjml lang="${language}" dir="ltr"><mj-head><mj-title>${escaped(subject)}</mj-title>` +
      (preheader === '' ? '' : `<mj-preview>${escaped(preheader)}${BLANK}</mj-preview>`) +
      `${mailStyle}</mj-head>` +
      `<mj-body width="600px" background-color="${style.page}" css-class="page">` +
      `<mj-section padding="24px 0 16px"><mj-column>${headMjml(shop)}</mj-column></mj-section>` +
      `<mj-section background-color="${style.card}" border-radius="12px" padding="20px 0 24px" css-class="card">` +
      `<mj-column>${blocks}</mj-column></mj-section>` +
      `<mj-section padding="16px 0 32px"><mj-column>${footMjml(request)}</mj-column></mj-section>` +
      '</mj-body></mjml>',
  );
}

/** Keeps the mail's first words out of the line that mailboxes show: the preheader has it to itself. */
const BLANK = '&#847;&#8199;'.repeat(60);

function headMjml({ name, url, logo, picturesUrl }: MessageShop): string {
  const id = pictureId(logo ?? '');
  const shop = escaped(oneLine(name));
  return id === undefined
    ? `<mj-text align="center" font-size="20px" font-weight="bold" css-class="ink"><span dir="auto">${shop}</span></mj-text>`
    : `<mj-image width="140px" alt="${shop}" src="${escaped(pictureAddress(picturesUrl, id))}" href="${escaped(url)}" />`;
}

const pictureAddress = (base: string, id: string) => `${base.replace(/\/$/, '')}/${id}.webp`;

function footMjml({ type, language, shop, unsubscribeUrl }: MessageRequest): string {
  const name = oneLine(shop.name);
  const line = (html: string) =>
    `<mj-text align="center" font-size="13px" padding="2px 25px" color="${style.quiet}" css-class="quiet">${html}</mj-text>`;
  const isolated = (text: string) => `<span dir="auto">${escaped(text)}</span>`;
  const address = oneLine(shop.address);
  return [
    `<strong>${isolated(name)}</strong>${address === '' ? '' : `, ${isolated(address)}`}`,
    escaped(reasonFor(type, language, name)),
    ...(unsubscribeUrl === ''
      ? []
      : [
          `<a href="${escaped(unsubscribeUrl)}" style="color:${style.quiet};text-decoration:underline">${escaped(FRAME_WORDS[language].unsubscribe)}</a>`,
        ]),
  ]
    .map(line)
    .join('');
}

function blockMjml(block: MessageBlock, mail: Mail): string {
  const { values, shop } = mail;
  const html = (text: string) => htmlOf(textParts(text), values) ?? '';
  switch (block.type) {
    case 'heading': {
      const text = html(block.text);
      return (
        text &&
        `<mj-text ${style.heading} css-class="ink"><h1 style="${style.bare}">${text}</h1></mj-text>`
      );
    }
    case 'text':
      return paragraphsOf(block.text)
        .map((paragraph) => paragraphHtml(paragraph, values))
        .map((text) => text && `<mj-text padding="6px 25px" css-class="ink">${text}</mj-text>`)
        .join('');
    case 'button': {
      const [label, href] = [html(block.label), addressOf(block.href, values)];
      const color = /^#[0-9a-f]{6}$/i.test(shop.color ?? '') ? shop.color : style.button;
      return label && href
        ? `<mj-button href="${escaped(href)}" background-color="${color}" ${style.buttonBox}>${label}</mj-button>`
        : '';
    }
    case 'figure': {
      const [value, label] = [html(block.value), html(block.label)];
      const below = label && `<mj-text ${style.figureLabel} css-class="quiet">${label}</mj-text>`;
      return value && `<mj-text ${style.figure} css-class="ink">${value}</mj-text>${below}`;
    }
    case 'code': {
      const [code, label] = [html('{{ code }}'), html(block.label)];
      const above = label && `<mj-text ${style.figureLabel} css-class="quiet">${label}</mj-text>`;
      return (
        code &&
        `${above}<mj-table align="center" width="auto" padding="4px 25px 16px" css-class="ink">` +
          `<tr><td style="${style.code}">${code}</td></tr></mj-table>`
      );
    }
    case 'image':
      return imageMjml(block, mail);
    case 'divider':
      return `<mj-divider border-width="1px" border-color="${style.line}" padding="16px 25px" />`;
  }
}

function imageMjml(
  { picture, alt, href }: Extract<MessageBlock, { type: 'image' }>,
  { values, shop }: Mail,
): string {
  const id = pictureId(picture);
  if (id === undefined) return '';
  const address = addressOf(href, values);
  return (
    `<mj-image src="${escaped(pictureAddress(shop.picturesUrl, id))}" alt="${escaped(plainLine(alt, values) ?? '')}"` +
    `${address === undefined ? '' : ` href="${escaped(address)}"`} />`
  );
}

function paragraphHtml(paragraph: string, values: WrittenValues): string {
  const runs = textRuns(paragraph).map((run) => runHtml(run, values));
  return runs.includes(undefined) ? '' : runs.join('');
}

function runHtml({ parts, isBold, isItalic, href }: TextRun, values: WrittenValues) {
  let html = htmlOf(parts, values);
  if (html === undefined) return undefined;
  if (isItalic) html = `<em>${html}</em>`;
  if (isBold) html = `<strong>${html}</strong>`;
  if (href === undefined) return html;
  const address = addressOf(href, values);
  return address && `<a href="${escaped(address)}" style="${style.link}">${html}</a>`;
}

/** Words and values, escaped. A value's direction is its own, so that a Hebrew name turns no English sentence. */
function htmlOf(parts: readonly TextPart[], values: WrittenValues): string | undefined {
  return filled(parts, values)?.map(pieceHtml).join('');
}

const pieceHtml = ({ text, kind }: Piece): string => {
  const html = escaped(text).replace(/\r?\n/g, '<br />');
  return kind === 'text' || kind === 'code' ? `<span dir="auto">${html}</span>` : html;
};

/** An address of the web; undefined for none, and for `javascript:` and the like, no matter who wrote it. */
function addressOf(href: string, values: WrittenValues): string | undefined {
  const address = plainLine(href, values);
  if (address === undefined || !URL.canParse(address)) return undefined;
  const { protocol, href: written } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' ? written : undefined;
}
