import { parse, type DefaultTreeAdapterTypes } from 'parse5';

export interface MailElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A mail as a browser reads it: by the algorithm that the HTML standard has, repairs of broken markup included. */
export interface MailMarkup {
  readonly elements: readonly MailElement[];
  /** What a reader sees, without styles. */
  readonly text: string;
}

/** @param html with the parts for Outlook, which stand in comments, as a program reads them that is Outlook */
export function mailMarkup(html: string): MailMarkup {
  const elements: MailElement[] = [];
  let text = '';
  const walk = (node: DefaultTreeAdapterTypes.Node): void => {
    if (node.nodeName === '#text') text += (node as DefaultTreeAdapterTypes.TextNode).value;
    if ('attrs' in node)
      elements.push({
        name: node.tagName,
        attributes: Object.fromEntries(node.attrs.map(({ name, value }) => [name, value])),
      });
    if (node.nodeName === 'style' || node.nodeName === 'title') return;
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  walk(parse(html));
  return { elements, text };
}

/** The same mail as Outlook reads it, which takes what its conditional comments hold. */
export const asOutlook = (html: string): string =>
  html.replace(/<!--\[if [^\]]*\]>(?:<!-->)?|<!\[endif\]-->|<!--<!\[endif\]-->/g, '');

const ELEMENTS = new Set(
  'html head title meta style body div table tbody tr td p span strong em a img br h1'.split(' '),
);
const OUTLOOK = new Set([
  'noscript',
  'xml',
  'o:officedocumentsettings',
  'o:allowpng',
  'o:pixelsperinch',
]);
const ATTRIBUTES = new Set(
  'align alt aria-label aria-roledescription bgcolor border cellpadding cellspacing class content dir height href http-equiv lang media name role src style target type valign vertical-align width xmlns xmlns:o xmlns:v'.split(
    ' ',
  ),
);

/**
 * Everything in a mail that could run, load or lead somewhere that it should not.
 * @param addresses where its links may lead
 */
export function mailDangers(
  html: string,
  pictures: string,
  addresses: (href: string) => boolean,
): string[] {
  return [html, asOutlook(html)].flatMap((each) =>
    mailMarkup(each).elements.flatMap(({ name, attributes }) => [
      ...(ELEMENTS.has(name) || OUTLOOK.has(name) ? [] : [`element ${name}`]),
      ...Object.entries(attributes).flatMap(([attribute, value]) => {
        if (!ATTRIBUTES.has(attribute)) return [`attribute ${attribute} of ${name}`];
        if (attribute === 'src' && !value.startsWith(pictures)) return [`picture ${value}`];
        if (attribute === 'href' && !(name === 'a' && addresses(value))) return [`link ${value}`];
        if (attribute === 'style' && /url|expression|import|behavior|[<>{}]/i.test(value))
          return [`style ${value}`];
        return [];
      }),
    ]),
  );
}
