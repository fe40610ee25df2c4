import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { findChromium } from '#infra/local/optional-tools.ts';
import { MESSAGE_TYPES, MESSAGE_VARIABLES } from '#vocabulary/messages.ts';
import { sampleValues } from '../../app/features/message-templates/sample-values.ts';
import type { MessageRequest } from '../../app/messaging/render/message.ts';
import { renderMessage } from '../../app/messaging/render/render-message.ts';
import { defaultContent } from '../../app/messaging/render/words-of.ts';
import { fileOf, views, type View } from './views.ts';

/** As wide as a mail is, with a margin, and as a small phone. */
const widths: Readonly<Record<View['width'], number>> = { 1280: 640, 375: 375 };

/** A hundred characters: markup, from right to left, and a word that no line has room for. */
const NAME = [
  ...'שרה אברהם <b>"Wolf" & Söhne</b> <img src=x onerror=alert(1)> Wolfeschlegelsteinhausenbergerdorffvoralternwaren',
]
  .slice(0, 100)
  .join('');

/** Takes a picture of every mail that we send, to someone whose name is all that a mail must bear. */
export async function takeMails(): Promise<number> {
  const executablePath = findChromium();
  const browser = await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  let taken = 0;
  try {
    for (const view of views()) {
      const page = await browser.newPage({ viewport: { width: widths[view.width], height: 600 } });
      for (const type of MESSAGE_TYPES) {
        const { html } = await renderMessage(requestOf(type, view));
        await page.setContent(html);
        const file = fileOf(view, 'messages', type);
        mkdirSync(path.dirname(file), { recursive: true });
        await page.screenshot({ path: file, fullPage: true });
        taken += 1;
      }
      await page.close();
    }
  } finally {
    await browser.close();
  }
  return taken;
}

function requestOf(type: MessageRequest['type'], { language }: View): MessageRequest {
  const texts = Object.entries(MESSAGE_VARIABLES[type]).flatMap(([name, kind]) =>
    kind === 'text' ? [[name, NAME] as const] : [],
  );
  const url = 'https://bean-and-leaf.example';
  return {
    type,
    channel: 'email',
    language,
    content: defaultContent(type, language),
    variables: {
      ...sampleValues(language, new Date('2026-11-30T12:00:00Z')),
      ...Object.fromEntries(texts),
      shop_name: 'Bean & Leaf',
      shop_url: url,
      referral_url: `${url}/apps/loyalnest/r/EXAMPLE`,
    },
    shop: {
      name: 'Bean & Leaf',
      url,
      address: '12 Main Street, Dayton, OH 45402, US',
      timeZone: 'America/New_York',
      currency: 'USD',
      pointsNames: {},
      picturesUrl: `${url}/pictures`,
    },
    unsubscribeUrl: `${url}/unsubscribe`,
  };
}
