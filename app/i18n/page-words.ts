import type { Language } from './languages.ts';
import type dashboard from './locales/en/dashboard.json';

type Section = keyof typeof dashboard;

/** What every page of the dashboard may show. */
export const EVERYWHERE: readonly Section[] = ['nav', 'common', 'fields', 'conflict', 'help'];

/** The sections of the catalog that a page shows beside those, by the first part of its address: /app is `home`. */
export const PAGE_SECTIONS = {
  home: ['home', 'setAside', 'plan', 'status'],
  activity: ['activity', 'customer', 'customers'],
  campaigns: ['campaigns', 'campaign', 'preview'],
  content: ['content', 'preview', 'picture'],
  customers: ['customers', 'customer', 'segments'],
  deliveries: ['deliveries', 'customer'],
  expiry: ['expiry', 'customers'],
  integrations: ['integrations', 'messages'],
  messages: ['messages'],
  program: ['program', 'programList', 'trial', 'tiers', 'expiry', 'rewards', 'home'],
  participants: ['participants'],
  /** The pages below it. */
  rules: ['program', 'actions', 'preview'],
  trial: ['program', 'trial'],
  referrals: ['referrals', 'referral', 'referralProgram'],
  rewards: ['rewards', 'preview', 'picture'],
  settings: ['settings', 'status', 'setAside', 'plan', 'rewards'],
  status: ['status'],
  /** What members are written: below the content. */
  templates: ['templates', 'picture'],
  tiers: ['tiers', 'customers', 'preview'],
  webhooks: ['webhooks'],
} as const satisfies Readonly<Record<string, readonly Section[]>>;

export type PageName = keyof typeof PAGE_SECTIONS;

/** What is said beside the fields of one page alone, by how the keys in `fields` begin. */
const FIELDS_OF: Readonly<Record<string, PageName>> = {
  campaign_: 'campaigns',
  tier_: 'tiers',
  grace_days: 'tiers',
  draft_changed: 'tiers',
  contrast: 'content',
  bar_text: 'content',
  link_address: 'content',
  reward_amount: 'rewards',
  steps: 'rewards',
  max_below_min: 'rewards',
  code_prefix: 'rewards',
};

/** Whether a page can show a message of `fields`. */
export function showsField(page: string, key: string): boolean {
  return Object.entries(FIELDS_OF).every(([begin, of]) => of === page || !key.startsWith(begin));
}

/** The page at an address; undefined where its words are not known, which is given all of them. */
export function pageAt(pathname: string): PageName | undefined {
  const [, , name = 'home', below] = pathname.replace(/\/+$/, '').split('/');
  if (name === 'program' && below !== undefined)
    return below === 'trial' || below === 'participants' ? below : 'rules';
  if (name === 'content' && below !== undefined) return 'templates';
  return Object.hasOwn(PAGE_SECTIONS, name) ? (name as PageName) : undefined;
}

type Words = Readonly<Record<string, object>>;

/**
 * The words of a page, by language and page, each a file of its own to browsers. The build fills it
 * (infra/local/vite-plugins.ts): without that a page is given all words.
 */
export const pageWords: Readonly<
  Partial<Record<Language, Readonly<Partial<Record<string, () => Promise<{ default: Words }>>>>>>
> = {};
