const font = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

/** Colors and measures of a mail. Text has a contrast of at least 4.5 on what is behind it, in the dark, too. */
export const style = {
  page: '#f4f4f5',
  card: '#ffffff',
  quiet: '#616161',
  line: '#d9d9d9',
  button: '#303030',
  bare: 'margin:0;font-size:inherit;line-height:inherit;font-weight:inherit',
  link: 'color:inherit;text-decoration:underline',
  heading: 'font-size="24px" font-weight="bold" line-height="1.3" padding="12px 25px 6px"',
  figure:
    'font-size="36px" font-weight="bold" line-height="1.2" align="center" padding="16px 25px 0"',
  figureLabel: 'font-size="14px" align="center" color="#616161" padding="4px 25px 8px"',
  buttonBox:
    'color="#ffffff" font-size="16px" font-weight="bold" border-radius="8px" inner-padding="14px 28px" padding="16px 25px"',
  code: "border:2px dashed #8a8a8a;border-radius:8px;padding:14px 24px;font-family:'SFMono-Regular',Consolas,monospace;font-size:20px;font-weight:bold;letter-spacing:1px;word-break:break-all;text-align:center",
} as const;

/** What turns a mail dark, for programs that ask. The preview of the editor asks for it, too. */
export const DARK_QUERY = '@media (prefers-color-scheme: dark)';

const dark = [
  '.page { background-color: #121212 !important; }',
  '.card, .card > table { background: #1f1f1f !important; background-color: #1f1f1f !important; }',
  '.ink div, .ink table, .ink td { color: #f1f1f1 !important; }',
  '.quiet div, .quiet a { color: #b8b8b8 !important; }',
].join(' ');

/** The head of a mail's MJML. */
export const mailStyle =
  `<mj-attributes><mj-all font-family="${font}" />` +
  '<mj-text font-size="16px" line-height="1.5" color="#1a1a1a" />' +
  '<mj-table color="#1a1a1a" /></mj-attributes>' +
  '<mj-raw><meta name="color-scheme" content="light dark" />' +
  '<meta name="supported-color-schemes" content="light dark" /></mj-raw>' +
  `<mj-style>:root { color-scheme: light dark; } ${DARK_QUERY} { body { background-color: #121212 !important; } ${dark} }</mj-style>`;
