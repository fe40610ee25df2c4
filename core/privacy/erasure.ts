import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { ErasureEntry } from '#proto/admin/v1/erasure.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { decryptPayload, personTokens } from '../inbox/delivery-encryption.ts';
import { personsIn } from '../inbox/persons.rules.ts';
import { decryptMember, tombstoneOf } from '../members/customer-encryption.ts';
import { lockCustomersById } from '../members/customers.store.ts';
import { closeMembers } from '../members/identities.store.ts';
import { makeUnknownMember } from '../members/unknown-member.ts';
import { readSettings } from '../merchants/merchants.store.ts';
import { notFound } from '../shared/errors.ts';
import { forgetNamesInRequests, readRequestsWithNames } from './gdpr.store.ts';
import type { GdprRow } from './gdpr.store.ts';
import {
  eraseCustomer,
  eraseDeliveries,
  eraseOrders,
  readOrderDeliveries,
  readPersons,
  setTombstones,
  writeOffBalance,
} from './redaction.store.ts';
import type { PersonRow } from './redaction.store.ts';

type Dependencies = Pick<CoreDependencies, 'encryption' | 'blindIndex'>;
type Person = ErasureEntry['persons'][number];

const noPersons = { customerIds: [], emails: [], phones: [], orderIds: [] };

/**
 * The member a request is about, whether it named the member or Shopify's customer, and behind them who was merged into
 * them.
 */
export async function subjectsOf(
  client: PoolClient,
  merchantId: string,
  row: GdprRow,
): Promise<PersonRow[]> {
  if (row.customer_id !== null)
    return readPersons(client, merchantId, { customerId: row.customer_id });
  if (row.shopify_customer_id === null) return [];
  // They may have become a member since they asked.
  return readPersons(client, merchantId, { shopifyCustomerId: row.shopify_customer_id });
}

/**
 * What a request erases, as it is kept outside of the database: our own ids, Shopify's ids of orders and keyed hashes,
 * nothing that names the person. Reads only.
 */
export async function planErasure(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  row: GdprRow,
): Promise<ErasureEntry> {
  const shop = await readSettings(client, merchantId);
  if (shop === undefined) throw notFound('merchant');
  const [customer, ...merged] = await subjectsOf(client, merchantId, row);
  const persons = customer?.redacted_at === null ? [customer, ...merged] : [];
  const emails = persons.flatMap((one) => {
    const { email } = decryptMember(deps.encryption, merchantId, one.customer_id, {
      email: one.email,
      first_name: null,
      last_name: null,
    });
    return email === '' ? [] : [email];
  });
  const told = row.shopify_customer_id === null ? [] : [row.shopify_customer_id];
  const tokens = personTokens(deps.blindIndex, shop.shopify_domain, {
    ...noPersons,
    customerIds: [...persons.map((one) => one.shopify_customer_id), ...told],
    emails,
  });
  return {
    merchantId,
    erasedBy: row.request_id,
    persons:
      customer === undefined
        ? told.map((id) => ({ member: '', tombstone: tombstoneOf(deps, merchantId, id) }))
        : persons.map((one) => ({
            member: one.customer_id,
            tombstone: tombstoneOf(deps, merchantId, one.shopify_customer_id),
          })),
    subjectTokens: [
      ...new Set([
        ...(row.subject_tokens ?? []),
        ...tokens.map((token) => token.toString('base64')),
      ]),
    ].sort(),
    orderIds: [...(row.order_ids ?? [])].sort(),
  };
}

/** Of what an entry says, so that what was written down is known to be what is carried out. */
export function digestOf(entry: ErasureEntry): string {
  const { merchantId, erasedBy, persons, subjectTokens, orderIds } = entry;
  const people = persons.map(({ member, tombstone }) => [member, tombstone]);
  return createHash('sha256')
    .update(JSON.stringify([merchantId, erasedBy, people, subjectTokens, orderIds]))
    .digest('hex');
}

/**
 * Erases people: what names them goes, what they earned and spent stays under our own id so that the shop's figures still
 * add up, and what they held is written off by an entry. May be repeated, also in a database that knows less of them: of
 * who is not there, a tombstone is left, so that later messages about them make no member.
 */
export async function carryOut(
  client: PoolClient,
  deps: Dependencies,
  entry: ErasureEntry,
): Promise<void> {
  const { merchantId, persons } = entry;
  const shop = await readSettings(client, merchantId);
  if (shop === undefined) throw notFound('merchant');
  const tokens = entry.subjectTokens.map((token) => Buffer.from(token, 'base64'));
  // Other messages about those orders hold the person too, also where it does not name them.
  const orderIds = await orderIdsOf(client, deps, merchantId, tokens);
  await eraseDeliveries(client, merchantId, [
    ...tokens,
    ...personTokens(deps.blindIndex, shop.shopify_domain, { ...noPersons, orderIds }),
  ]);
  const members = persons.filter(({ member }) => member !== '');
  if (members.length > 1)
    await lockCustomersById(
      client,
      merchantId,
      members.map(({ member }) => member),
    );
  let haveTombstones = true;
  for (const person of persons)
    haveTombstones = (await erasePerson(client, deps, merchantId, person)) && haveTombstones;
  if (!haveTombstones && members.length > 0)
    await setTombstones(
      client,
      merchantId,
      new Map(members.map(({ member, tombstone }) => [member, tombstone])),
    );
  await eraseOrders(client, merchantId, entry.orderIds, orderIds);
  await forgetInRequests(client, deps, merchantId, persons);
}

/** Requests of the person that were answered before they were a member know them by Shopify's id alone. */
async function forgetInRequests(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  persons: readonly Person[],
): Promise<void> {
  const tombstones = new Set(persons.map(({ tombstone }) => tombstone));
  const theirs = (await readRequestsWithNames(client, merchantId)).filter(({ shopifyCustomerId }) =>
    tombstones.has(tombstoneOf(deps, merchantId, shopifyCustomerId)),
  );
  if (theirs.length === 0) return;
  await forgetNamesInRequests(
    client,
    merchantId,
    theirs.map(({ requestId }) => requestId),
  );
}

/**
 * Whether the person a request names was erased before it is carried out. What it was told with, which came after the
 * erasure, then goes too.
 */
export async function forgetIfErased(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  row: GdprRow,
): Promise<boolean> {
  const told = row.shopify_customer_id;
  const [known] = await subjectsOf(client, merchantId, row);
  const [erased] =
    known !== undefined || told === null
      ? [known]
      : await readPersons(client, merchantId, {
          shopifyCustomerId: tombstoneOf(deps, merchantId, told),
        });
  if (erased === undefined || erased.redacted_at === null) return false;
  const shop = await readSettings(client, merchantId);
  if (shop === undefined) throw notFound('merchant');
  await eraseDeliveries(client, merchantId, [
    ...(row.subject_tokens ?? []).map((token) => Buffer.from(token, 'base64')),
    ...personTokens(deps.blindIndex, shop.shopify_domain, {
      ...noPersons,
      customerIds: told === null ? [] : [told],
    }),
  ]);
  return true;
}

/**
 * Those merged into a person are erased with them, so that of the persons of an entry most are erased by the first.
 * @returns whether they were erased here, by this tombstone
 */
async function erasePerson(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  { member, tombstone }: Person,
): Promise<boolean> {
  const [known] = member === '' ? [] : await lockCustomersById(client, merchantId, [member]);
  const customer = known ?? (await madeToBeErased(client, deps, merchantId, tombstone));
  if (customer === undefined) return false;
  const isOpen = customer.redacted_at === null;
  if (isOpen) {
    await writeOffBalance(client, merchantId, customer.customer_id);
    await eraseCustomer(client, merchantId, customer.customer_id, tombstone);
  }
  await closeMembers(client, merchantId, [customer.customer_id]);
  return isOpen;
}

/** Someone who is no member (yet); undefined when they were erased before. */
async function madeToBeErased(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  tombstone: string,
): Promise<PersonRow | undefined> {
  const by = { shopifyCustomerId: tombstone };
  if ((await readPersons(client, merchantId, by)).length > 0) return undefined;
  await makeUnknownMember(client, deps, merchantId, tombstone);
  const [made] = await readPersons(client, merchantId, by);
  return made;
}

/** The orders that deliveries with these people in them are about. */
async function orderIdsOf(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  tokens: readonly Buffer[],
): Promise<string[]> {
  const ids = new Set<string>();
  for (const row of await readOrderDeliveries(client, merchantId, tokens)) {
    const body = decryptPayload(deps.encryption, row.shop_domain, row.delivery_id, row.payload);
    for (const id of personsIn(row.topic, body.toString('utf8'))?.orderIds ?? []) ids.add(id);
  }
  return [...ids];
}
