import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { rewardTitle } from '#app/explanations/reward-title.ts';
import { amountLike } from '#app/i18n/currency-size.ts';
import type { Language } from '#app/i18n/languages.ts';
import { Problem } from '#infra/local/process.ts';
import { askDashboard, control } from '#infra/local/shop-endpoints.ts';
import type { ShopEndpoints } from '#infra/local/shop-endpoints.ts';

const orderAnswer = z.object({ order: z.object({ id: z.number() }) });
const anything = z.unknown();

const syncWithinMs = 30_000;

interface DemoOrder {
  readonly customer: string;
  readonly lines: readonly { readonly product: string; readonly quantity?: number }[];
  readonly then?: 'refund half' | 'refund' | 'cancel' | 'pay later' | 'never paid';
}

/** Orders that the dashboard, the ledgers and the block then show. */
const orders: readonly DemoOrder[] = [
  { customer: 'ada@shopper.example', lines: [{ product: 'gift-box' }, { product: 'mint-tea' }] },
  { customer: 'mateo@shopper.example', lines: [{ product: 'moka-pot' }] },
  {
    customer: 'camille@shopper.example',
    lines: [{ product: 'stoneware-cup', quantity: 2 }],
    then: 'refund half',
  },
  { customer: 'priya@shopper.example', lines: [{ product: 'gift-box', quantity: 2 }] },
  { customer: 'amara@shopper.example', lines: [{ product: 'wildflower-honey' }], then: 'cancel' },
  { customer: 'tom@shopper.example', lines: [{ product: 'travel-cup' }], then: 'pay later' },
  { customer: 'lucia@shopper.example', lines: [{ product: 'morning-blend', quantity: 3 }] },
  { customer: 'jonas@shopper.example', lines: [{ product: 'night-decaf' }], then: 'never paid' },
  {
    customer: 'ada@shopper.example',
    lines: [{ product: 'pour-over-kettle' }, { product: 'brewing-notebook' }],
  },
  { customer: 'tom@shopper.example', lines: [{ product: 'orange-marmalade' }], then: 'refund' },
];

/** Campaigns; Ada reaches the goal, and the double points are for other members. */
const campaignsIn = (currency: string): readonly Readonly<Record<string, string>>[] => [
  {
    name: 'Double points in Europe',
    nameEs: 'Puntos dobles en Europa',
    nameFr: 'Points doublés en Europe',
    kind: 'multiplier',
    multiplier: '2',
    regions: 'EU',
  },
  {
    name: `Spend ${amountLike('100', currency)}, get 300`,
    nameEs: `Gasta ${amountLike('100', currency)} y llévate 300`,
    nameFr: `Dépensez ${amountLike('100', currency)}, recevez 300`,
    kind: 'goal',
    goalAmount: amountLike('100', currency),
    points: '300',
  },
  {
    name: 'Welcome gift',
    nameEs: 'Regalo de bienvenida',
    nameFr: 'Cadeau de bienvenue',
    kind: 'lifecycle',
    trigger: 'first_order',
    points: '50',
  },
  {
    name: '10% off your next order',
    nameEs: '10 % de descuento en tu próximo pedido',
    nameFr: '10 % de réduction sur votre prochaine commande',
    kind: 'discount',
    discount: 'percent_off',
    discountValue: '10',
    expiryDays: '30',
    endsWithCampaign: 'true',
    minSpend: amountLike('30', currency),
  },
  {
    name: 'Quiet January',
    kind: 'bonus',
    points: '25',
    minSpend: amountLike('30', currency),
    published: 'false',
  },
];

/**
 * Fills a new shop of a browser test after its first sync, through its public endpoints: orders that
 * are paid, refunded and cancelled, accounts that are opened, one balance adjusted by staff.
 */
export async function seedSampleShop(endpoints: ShopEndpoints, currency = 'USD'): Promise<void> {
  const like = (dollars: string) => amountLike(dollars, currency);
  await untilSynced(endpoints);
  for (const customer of [
    'ada@shopper.example',
    'mateo@shopper.example',
    'priya@shopper.example',
  ]) {
    await control(endpoints, 'customer', { customer, state: 'enabled', wait: true }, anything);
  }
  for (const reward of rewardsIn(currency)) await makeReward(endpoints, reward);
  // Before the orders: a campaign counts what is bought while it runs.
  for (const campaign of campaignsIn(currency)) await startCampaign(endpoints, campaign);
  for (const { customer, lines, then } of orders) {
    const paid = then !== 'pay later' && then !== 'never paid';
    const { order } = await control(
      endpoints,
      'order',
      { customer, lines, shipping: like('5'), paid },
      orderAnswer,
    );
    if (then === 'pay later') await control(endpoints, 'pay', { order: order.id }, anything);
    if (then === 'cancel') await control(endpoints, 'cancel', { order: order.id }, anything);
    if (then === 'refund') await control(endpoints, 'refund', { order: order.id }, anything);
    if (then === 'refund half') {
      await control(endpoints, 'refund', { order: order.id, lines: [{ index: 0 }] }, anything);
    }
  }
  await control(
    endpoints,
    'order',
    { customer: null, lines: [{ product: 'mint-tea' }], wait: true },
    anything,
  );
  await publishTiers(endpoints, like);
  await writeContent(endpoints);
  await adjust(endpoints, 'priya@shopper.example', 150, 'Parcel arrived late: with our apologies');
}

const fiveOff = (language: Language, currency: string) =>
  rewardTitle('amount_off', { amount: amountLike('5', currency), currency }, language);

/** What members can redeem. */
const rewardsIn = (currency: string): readonly Readonly<Record<string, string>>[] => [
  {
    kind: 'amount_off',
    titleEn: fiveOff('en', currency),
    titleEs: fiveOff('es', currency),
    titleFr: fiveOff('fr', currency),
    pointsCost: '500',
    value: amountLike('5', currency),
  },
  {
    kind: 'amount_off',
    titleEn: 'Choose your discount',
    titleEs: 'Elige tu descuento',
    titleFr: 'Choisissez votre réduction',
    pointsCost: '100',
    value: amountLike('1', currency),
    mode: 'incremental',
  },
  {
    kind: 'percent_off',
    titleEn: '10% off',
    titleEs: '10 % de descuento',
    titleFr: '10 % de réduction',
    pointsCost: '1000',
    value: '10',
    discount: 'percent',
    expiresAfterDays: '90',
  },
  {
    kind: 'free_shipping',
    titleEn: 'Free shipping',
    titleEs: 'Envío gratis',
    titleFr: 'Livraison offerte',
    pointsCost: '1000',
    maxShipping: amountLike('25', currency),
    combineOrder: 'true',
    combineShipping: 'false',
  },
];

async function makeReward(
  endpoints: ShopEndpoints,
  reward: Readonly<Record<string, string>>,
): Promise<void> {
  await askDashboard(endpoints, '/app/rewards/new.data', {
    channel: 'online',
    active: 'true',
    descriptionEn: '',
    descriptionEs: '',
    descriptionFr: '',
    value: '',
    discount: 'amount',
    mode: 'fixed',
    minPoints: '',
    maxPoints: '',
    appliesTo: 'order',
    collectionId: '',
    productId: '',
    variantId: '',
    targetTitle: '',
    maxShipping: '',
    minPurchase: '',
    codePrefix: 'LN',
    combineOrder: 'false',
    combineProduct: 'false',
    combineShipping: 'true',
    expiresAfterDays: '',
    tierIds: '',
    segments: '',
    iconUrl: '',
    ...reward,
  });
}

/** Bronze, Silver and Gold, as the dashboard suggests them: saved, and published as they were previewed. */
async function publishTiers(
  endpoints: ShopEndpoints,
  like: (dollars: string) => string,
): Promise<void> {
  const words = (en: string, es: string, fr: string) => ({ en, es, fr });
  const none = words('', '', '');
  const tier = (names: ReturnType<typeof words>, spend: string, changes: object = {}) => ({
    key: names.en,
    tierId: '',
    names,
    spend,
    points: '',
    multiplier: '1',
    entryPoints: '0',
    earlyAccess: false,
    freeShipping: false,
    entryRewardId: '',
    perks: none,
    ...changes,
  });
  const tierSet = {
    basis: 'spend',
    period: 'calendar_year',
    graceDays: '30',
    tiers: [
      tier(words('Bronze', 'Bronce', 'Bronze'), '0'),
      tier(words('Silver', 'Plata', 'Argent'), like('100'), { entryPoints: '50' }),
      tier(words('Gold', 'Oro', 'Or'), like('500'), {
        multiplier: '1.5',
        entryPoints: '100',
        earlyAccess: true,
        freeShipping: true,
        perks: words(
          'A bag of every new roast',
          'Una bolsa de cada tueste nuevo',
          'Un sachet de chaque nouvelle torréfaction',
        ),
      }),
    ],
  };
  await askDashboard(endpoints, '/app/tiers.data', {
    intent: 'draft',
    tierSet: JSON.stringify(tierSet),
  });
  const digest = /"digest","([\w-]{43})"/.exec(
    await askDashboard(endpoints, '/app/tiers.data'),
  )?.[1];
  if (digest === undefined) throw new Problem('The draft of the VIP tiers was not kept.');
  await askDashboard(endpoints, '/app/tiers.data', { intent: 'publish', digest });
}

/** What the storefront says: in the shop's own words here, in LoyalNest's everywhere else. */
async function writeContent(endpoints: ShopEndpoints): Promise<void> {
  const none = { en: '', es: '', fr: '' };
  const content = {
    launcher: { color: '', position: 'right', icon: 'nest', text: none },
    panel: { color: '', logoUrl: '', welcome: none },
    stickyBar: {
      enabled: true,
      text: {
        en: 'Earn points with every order.',
        es: 'Gana puntos con cada pedido.',
        fr: 'Gagnez des points à chaque commande.',
      },
      color: '',
      link: '/pages/rewards',
    },
    page: {
      color: '',
      title: { en: 'The morning club', es: 'El club de la mañana', fr: 'Le club du matin' },
    },
    postPurchase: { enabled: true, text: none },
    checkoutPointsDisplay: true,
  };
  await askDashboard(endpoints, '/app/content.data', {
    intent: 'save',
    version: '1',
    content: JSON.stringify(content),
  });
}

async function untilSynced(endpoints: ShopEndpoints): Promise<void> {
  const deadline = Date.now() + syncWithinMs;
  while (Date.now() < deadline) {
    // Remix's own encoding, in which the values of a route's response are JSON strings.
    const answer = await askDashboard(endpoints, '/app/sync.data');
    if (answer.includes('"completed"')) return;
    if (answer.includes('"failed"')) {
      throw new Problem("The shop's first synchronization failed.");
    }
    await sleep(250);
  }
  throw new Problem(`The shop was not synchronized within ${syncWithinMs / 1000} s.`);
}

async function startCampaign(
  endpoints: ShopEndpoints,
  campaign: Readonly<Record<string, string>>,
): Promise<void> {
  await askDashboard(endpoints, '/app/campaigns/new.data', {
    intent: 'save',
    key: randomUUID(),
    published: 'true',
    startLocal: '',
    endLocal: '',
    segments: '',
    tierIds: '',
    countries: '',
    regions: '',
    minSpend: '',
    segment: 'vip',
    cooldownDays: '30',
    ...campaign,
  });
}

async function adjust(
  endpoints: ShopEndpoints,
  email: string,
  points: number,
  reason: string,
): Promise<void> {
  const page = await askDashboard(endpoints, `/app/customers?query=${encodeURIComponent(email)}`);
  const customerId = /\/app\/customers\/([0-9a-f-]{36})/.exec(page)?.[1];
  if (customerId === undefined) throw new Problem(`${email} is not among the members.`);
  await askDashboard(endpoints, `/app/customers/${customerId}.data`, {
    intent: 'adjust',
    points: String(points),
    reason,
    key: randomUUID(),
  });
}
