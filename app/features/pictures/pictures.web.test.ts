import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  sessionToken,
  shopperToken,
  startTestWeb,
  storeOfflineSession,
} from '../../testing/web.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let shop: Awaited<ReturnType<typeof web.core.installShop>>;
let other: typeof shop;
let png: Buffer;

beforeAll(async () => {
  web = await startTestWeb({
    routes: /routes\/(pictures\.\$|app|app\.pictures|app\.rewards\.\$id|app\.content)\.tsx$/,
  });
  shop = await web.core.installShop();
  other = await web.core.installShop();
  for (const { shopDomain } of [shop, other]) await storeOfflineSession(shopDomain);
  png = await sharp({ create: { width: 30, height: 30, channels: 3, background: '#aa3300' } })
    .png()
    .toBuffer();
}, 60_000);
afterAll(() => web.stop());

const agent = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
};

async function upload(
  content: Uint8Array,
  of = shop,
  token = sessionToken(of.shopDomain),
): Promise<{ status: number; answer: Answer }> {
  const body = new FormData();
  body.set('picture', new File([new Uint8Array(content)], 'logo.svg', { type: 'image/svg+xml' }));
  const answer = await fetch(`${web.url}/app/pictures`, {
    method: 'POST',
    headers: { ...agent, authorization: `Bearer ${token}` },
    body,
  });
  const text = await answer.text();
  return {
    status: answer.status,
    answer: text.startsWith('{') ? (JSON.parse(text) as Answer) : {},
  };
}
interface Answer {
  readonly picture?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly error?: { readonly code: string };
}

const addressOf = (picture: string, of = shop) =>
  `${web.url}/pictures/${of.merchantId}/${picture.replace('picture:', '')}.webp`;

async function saveReward(iconUrl: string, of = shop) {
  const { actionRequests } = await import('../../testing/route-probes.ts');
  const [request] = actionRequests['routes/app.rewards.$id']?.({}) ?? [];
  const answer = await fetch(`${web.url}/app/rewards/new.data?_routes=routes/app.rewards.$id`, {
    method: 'POST',
    headers: { ...agent, authorization: `Bearer ${sessionToken(of.shopDomain)}` },
    body: new URLSearchParams({ ...request?.form, currency: 'USD', iconUrl }),
  });
  return { status: answer.status, text: await answer.text() };
}

describe('an uploaded picture', () => {
  test('is public at an address of its own that caches may keep, as WebP whatever it was called', async () => {
    const { status, answer } = await upload(png);
    expect(status).toBe(200);
    const shown = await fetch(addressOf(answer.picture ?? ''));
    expect(shown.status).toBe(200);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    expect((await sharp(await shown.arrayBuffer()).metadata()).format).toBe('webp');
  });

  test('is shown with the reward it was saved for, to the shop’s shoppers', async () => {
    const { answer } = await upload(png);
    expect(await saveReward(answer.picture ?? '')).toMatchObject({ status: 200 });
    const { rewards } = await shop.points.listRewards({});
    expect(rewards.map(({ iconUrl }) => iconUrl)).toContain(answer.picture);
  });

  test('of another shop is neither found nor used', async () => {
    const { answer } = await upload(png, other);
    const picture = answer.picture ?? '';
    expect((await fetch(addressOf(picture, shop))).status).toBe(404);
    const saved = await saveReward(picture, shop);
    expect(saved.status).toBe(400);
    expect(saved.text).toContain('picture_gone');
  });

  test('is refused beside its field when it is too large or no picture', async () => {
    expect(await upload(Buffer.alloc(2 * 1024 * 1024 + 1, 7))).toMatchObject({
      status: 400,
      answer: { fields: { picture: 'picture_size' } },
    });
    expect(await upload(Buffer.from('<svg/>'))).toMatchObject({
      answer: { fields: { picture: 'picture_type' } },
    });
    expect(await upload(Buffer.alloc(0))).toMatchObject({ status: 400 });
  });

  test('beyond what a form of 2 MB takes is not read to its end', async () => {
    const { status, answer } = await upload(Buffer.alloc(3 * 1024 * 1024)).catch(
      (): Awaited<ReturnType<typeof upload>> => ({ status: 413, answer: {} }),
    );
    expect(status).toBe(413);
    expect(answer.error?.code ?? 'payload_too_large').toBe('payload_too_large');
  });

  test('is taken from the shop’s staff alone', async () => {
    const asShopper = await upload(png, shop, shopperToken(shop.shopDomain, '5001'));
    expect(asShopper.status).toBe(401);
    const { status } = await fetch(`${web.url}/app/pictures`, { method: 'POST', headers: agent });
    expect(status).toBeGreaterThanOrEqual(400);
  });
});

test.each(['', 'x', 'x/..%2f..%2fenv', `${'0'.repeat(36)}/${'0'.repeat(32)}.webp`])(
  'no other file is found as a picture: %s',
  async (path) => {
    const answer = await fetch(`${web.url}/pictures/${path}`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  },
);

test('what nothing names is deleted a day later, what a reward names stays, and an erased shop’s goes', async () => {
  const [kept, loose] = [await upload(png, other), await upload(png, other)];
  await saveReward(kept.answer.picture ?? '', other);
  const { deleteUnusedPictures } = await import('./delete-unused.job.ts');
  const { deletePictures } = await import('../../files/pictures.server.ts');
  const { createJobServices } = await import('../../worker/services.server.ts');
  const services = createJobServices();
  const statuses = async () =>
    Promise.all(
      [kept, loose].map(
        async ({ answer }) => (await fetch(addressOf(answer.picture ?? '', other))).status,
      ),
    );
  await deleteUnusedPictures({}, services);
  expect(await statuses()).toEqual([200, 200]);
  const tomorrow = Date.now() + 25 * 60 * 60_000;
  await deleteUnusedPictures({}, { ...services, now: () => tomorrow });
  expect(await statuses()).toEqual([200, 404]);
  await deletePictures(services.files, other.merchantId);
  expect(await statuses()).toEqual([404, 404]);
});
