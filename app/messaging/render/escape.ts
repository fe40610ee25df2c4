const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // No markup inside of a style or an attribute of MJML can begin with these.
  '{': '&#123;',
  '}': '&#125;',
};

/** Text for the content and the quoted attributes of MJML and HTML. */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\ufffe\uffff]/gu, (sign) => (sign === '\n' || sign === '\t' ? sign : ''))
    .replace(/[&<>"'{}]/g, (sign) => ENTITIES[sign] ?? '');
