import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMailDocument, writeMailDocument } from '../../../proto/shared/messages/blocks.ts';
import { isWebAddress, messageFaults } from '../../../proto/shared/messages/check.ts';
import { MESSAGE_TYPES, MESSAGE_VARIABLES } from '#vocabulary/messages.ts';
import { LANGUAGES } from '../../i18n/languages.ts';
import { mailDangers } from '../testing/mail-markup.ts';
import { PICTURES, requestOf, SHOP } from '../testing/samples.ts';
import { renderMessage } from './render-message.ts';

const names = [...new Set(Object.values(MESSAGE_VARIABLES).flatMap((each) => Object.keys(each)))];
const danger = fc.constantFrom(
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '<style>@import url(https://evil.test)</style>',
  '<mj-raw><iframe src="https://evil.test"></iframe></mj-raw>',
  '<mj-include path="/etc/passwd" />',
  '<!-- --> <![endif]--> <!--[if mso]>',
  '<![CDATA[ ]]>',
  '&lt;b&gt; &#60;script&#62; &amp;',
  '[x](javascript:alert(1))',
  '[x](data:text/html,1)',
  '[x](https://evil.test/"onclick=1)',
  'javascript:alert(1)',
  ' java\tscript:alert(1)',
  'https://user:secret@evil.test',
  'expression(alert(1)) url(https://evil.test)',
  '**a *b** c*',
  '{{ {{ }} }} {{first_name|{{code}}}}',
  '\u202e\u0000\ud800\r\n\r\nBcc: a@b.test',
);
const written = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      danger,
      fc.constantFrom(...names).map((name) => `{{ ${name} | x }}`),
      fc.constantFrom(...names).map((name) => `[go]({{ ${name} }})`),
    ),
    { maxLength: 6 },
  )
  .map((pieces) => pieces.join(''));
const picture = fc.oneof(
  written,
  fc.constant(`picture:${'a'.repeat(32)}`),
  fc.constant('https://evil.test/pixel.png'),
);
const block = fc.oneof(
  fc.record({ type: fc.constant('heading' as const), text: written }),
  fc.record({ type: fc.constant('text' as const), text: written }),
  fc.record({ type: fc.constant('button' as const), label: written, href: written }),
  fc.record({ type: fc.constant('figure' as const), value: written, label: written }),
  fc.record({ type: fc.constant('code' as const), label: written }),
  fc.record({ type: fc.constant('image' as const), picture, alt: written, href: written }),
  fc.record({ type: fc.constant('divider' as const) }),
);
const words = fc.record({
  subject: written,
  preheader: written,
  text: written,
  blocks: fc.array(block, { maxLength: 8 }),
});
const variables = fc.dictionary(fc.constantFrom(...names), written);

test('Whatever a template and its values say, a mail runs nothing and loads nothing foreign', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...MESSAGE_TYPES),
      fc.constantFrom(...LANGUAGES),
      words,
      variables,
      written,
      async (type, language, template, values, shopName) => {
        const content = {
          subject: template.subject,
          blocks: writeMailDocument(template),
          text: template.text,
        };
        const mail = await renderMessage(
          requestOf(type, language, {
            content,
            variables: values,
            shop: { ...SHOP, name: shopName, address: shopName, color: template.subject },
          }),
        );
        expect(
          mailDangers(mail.html, PICTURES, (href) => /^https?:\/\/[^"<>\s]+$/.test(href)),
        ).toEqual([]);
        expect(mail.subject).not.toMatch(/[\p{Cc}\u202e]/u);
        // Twice the same, so that a send that is repeated repeats itself.
        expect(parseMailDocument(content.blocks)?.blocks.length).toBe(template.blocks.length);
      },
    ),
    { numRuns: 300 },
  );
});

test('A template that is accepted links over https, or where one of its own addresses leads', () => {
  fc.assert(
    fc.property(fc.constantFrom(...MESSAGE_TYPES), written, (type, href) => {
      const template = {
        subject: 's',
        preheader: '',
        text: 't {{ code }}',
        blocks: [{ type: 'button' as const, label: 'l', href }],
      };
      const isAccepted = !messageFaults(type, template).some(({ field }) =>
        field.startsWith('blocks.0'),
      );
      if (isAccepted && !/^\s*\{\{\s*(shop_url|referral_url)\b[^{}]*\}\}\s*$/.test(href))
        expect(isWebAddress(href)).toBe(true);
    }),
  );
});
