import { writeMailDocument, type MessageWords } from '../../../proto/shared/messages/blocks.ts';
import { DEFAULT_WORDS } from '../../../proto/shared/messages/defaults.ts';
import type { MessageType } from '#vocabulary/messages.ts';
import type { Language } from '../../i18n/languages.ts';
import type { MessageRequest, MessageShop } from '../render/message.ts';

export const PICTURES = 'https://app.example.test/pictures/0b6f0a5e-7a3c-4a67-9a0e-2f1a55c0a111';

export const SHOP: MessageShop = {
  name: 'Bean & Leaf',
  url: 'https://bean.example.test',
  address: '12 Main Street, Dayton, OH 45402, US',
  timeZone: 'America/New_York',
  currency: 'USD',
  pointsNames: {},
  picturesUrl: PICTURES,
};

export const VALUES: Readonly<Record<string, string>> = {
  first_name: 'Ada',
  shop_name: 'Bean & Leaf',
  shop_url: 'https://bean.example.test/pages/rewards',
  points_balance: '1250',
  points: '120',
  order_name: '#1001',
  expires_on: '2027-01-01T04:59:59.999Z',
  reward_name: '$10 off',
  code: 'LN-7F3K-2M9Q',
  advocate_name: 'Grace Hopper',
  friend_name: 'Grace',
  offer: '10% off',
  referral_url: 'https://bean.example.test/apps/loyalnest/r/ADA123',
  tier_name: 'Gold',
  previous_tier_name: 'Silver',
  title: 'Something new',
  message: 'The spring roast is here.',
  badge_name: 'Early bird',
  task_name: 'First review',
};

/** Names as no form should let them through, and as they come all the same. */
export const HOSTILE_NAME =
  '‮שלום <script>alert(1)</script>"\'><img src=x onerror=alert(2)> {{ code }} **x** [y](javascript:1) --> ]]> ' +
  'Wolfeschlegelsteinhausenbergerdorff'.repeat(2);

export const HOSTILE_VALUES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(VALUES).map(([name, value]) => [
    name,
    /^(points|points_balance|expires_on|shop_url|referral_url)$/.test(name) ? value : HOSTILE_NAME,
  ]),
);

export function requestOf(
  type: MessageType,
  language: Language,
  changes: Partial<MessageRequest> = {},
): MessageRequest {
  return {
    type,
    channel: 'email',
    language,
    content: contentOf(DEFAULT_WORDS[language][type]),
    variables: VALUES,
    shop: SHOP,
    unsubscribeUrl: 'https://app.example.test/unsubscribe/abc',
    ...changes,
  };
}

export const contentOf = (words: MessageWords) => ({
  subject: words.subject,
  blocks: writeMailDocument(words),
  text: words.text,
});
