// Gift cards and store credit, as far as an app gives them: created, credited, found again. Neither is idempotent.
import { toDecimal, toMinor } from '../../money.ts';
import { leftOf, storeCreditOf } from '../../payments.ts';
import { type GiftCard, gid, idOf, type StoreCredit, type StoreCreditMove } from '../../state.ts';
import type { World } from '../../world.ts';
import { bulkMode, type Args, type Context, type Resolver } from '../context.ts';
import { notModeled } from '../errors.ts';
import { connection, type GraphNode, type PageArguments } from '../relay.ts';
import { matcher } from '../search.ts';

interface MoneyInput {
  amount: string;
  currencyCode: string;
}
const problem = (type: string, field: string[], message: string, code: string): GraphNode => ({
  __typename: type,
  field,
  message,
  code,
});
const money = (minor: number, currency: string): GraphNode => ({
  __typename: 'MoneyV2',
  amount: toDecimal(minor, currency),
  currencyCode: currency,
});

const cardNode = (context: Context, card: GiftCard): GraphNode => ({
  __typename: 'GiftCard',
  id: gid('GiftCard', card.id),
  balance: money(card.balance, card.currency),
  initialValue: money(card.initial, card.currency),
  createdAt: card.createdAt,
  updatedAt: card.createdAt,
  enabled: true,
  deactivatedAt: null,
  expiresOn: card.expiresOn,
  lastCharacters: card.code.slice(-4),
  maskedCode: `•••• •••• •••• ${card.code.slice(-4)}`,
  note: card.note,
  customer: () =>
    card.customerId === null ? null : context.node(gid('Customer', card.customerId)),
});

function createCard(args: Args, context: Context): GraphNode {
  const { world } = context;
  const input = args['input'] as {
    code?: string;
    customerId?: string;
    initialAmount?: MoneyInput;
    expiresOn?: string | null;
    note?: string | null;
    recipientAttributes?: unknown;
  };
  if (input.recipientAttributes) throw notModeled('gift cards for a recipient');
  if (!input.initialAmount) throw notModeled('gift cards without initialAmount');
  const refuse = (field: string, message: string, code: string): GraphNode => ({
    giftCard: null,
    giftCardCode: null,
    userErrors: [problem('GiftCardUserError', ['input', field], message, code)],
  });
  const code = (input.code ?? '').toLowerCase();
  if (code.length < 8)
    return refuse('code', 'Code is too short (minimum is 8 characters)', 'TOO_SHORT');
  if (code.length > 20)
    return refuse('code', 'Code is too long (maximum is 20 characters)', 'TOO_LONG');
  if (!/^[a-z0-9]+$/.test(code)) return refuse('code', 'Code is invalid', 'INVALID');
  if (world.data.giftCards.some((card) => card.code === code))
    return refuse('code', 'Code has already been taken', 'TAKEN');
  const customer = input.customerId ? idOf('Customer', input.customerId) : null;
  if (customer !== null && (customer === undefined || !world.data.customers.has(customer)))
    return refuse('customerId', 'The customer could not be found.', 'CUSTOMER_NOT_FOUND');
  const { currencyCode: currency } = input.initialAmount;
  const initial = toMinor(input.initialAmount.amount, currency);
  if (initial <= 0) return refuse('initialAmount', 'Must be greater than 0', 'GREATER_THAN');
  const card: GiftCard = {
    id: world.store.nextId('giftCard'),
    code,
    customerId: customer,
    initial,
    balance: initial,
    currency,
    expiresOn: input.expiresOn ?? null,
    note: input.note ?? null,
    createdAt: world.clock.iso(),
  };
  world.data.giftCards.push(card);
  world.store.changed();
  return { giftCard: cardNode(context, card), giftCardCode: code, userErrors: [] };
}

const creditNode = (credit: StoreCredit): GraphNode => ({
  __typename: 'StoreCreditAccountCreditTransaction',
  id: gid('StoreCreditAccountCreditTransaction', credit.id),
  amount: money(credit.amount, credit.currency),
  remainingAmount: money(leftOf(credit), credit.currency),
  createdAt: credit.createdAt,
  expiresAt: credit.expiresAt,
  event: 'ADJUSTMENT',
});

/** What orders took of it, and what came back with their refunds. */
const moveNode = (move: StoreCreditMove): GraphNode => {
  const type =
    move.amount < 0
      ? 'StoreCreditAccountDebitTransaction'
      : 'StoreCreditAccountDebitRevertTransaction';
  return {
    __typename: type,
    id: gid(type, move.id),
    amount: money(move.amount, move.currency),
    createdAt: move.createdAt,
    event: move.amount < 0 ? 'ORDER_PAYMENT' : 'ORDER_REFUND',
  };
};

function credit(args: Args, world: World): GraphNode {
  const input = args['creditInput'] as { creditAmount: MoneyInput; expiresAt?: string | null };
  const refuse = (field: string[], message: string, code: string): GraphNode => ({
    storeCreditAccountTransaction: null,
    userErrors: [problem('StoreCreditAccountCreditUserError', field, message, code)],
  });
  const customer = idOf('Customer', String(args['id']));
  if (customer === undefined || !world.data.customers.has(customer))
    return refuse(['id'], 'Owner does not exist', 'OWNER_NOT_FOUND');
  const { currencyCode: currency } = input.creditAmount;
  const amount = toMinor(input.creditAmount.amount, currency);
  if (amount <= 0)
    return refuse(
      ['creditInput', 'creditAmount', 'amount'],
      'Amount must be positive',
      'NEGATIVE_OR_ZERO_AMOUNT',
    );
  if (input.expiresAt && Date.parse(input.expiresAt) <= world.clock.now())
    return refuse(['creditInput', 'expiresAt'], 'Expires at is in the past', 'EXPIRES_AT_IN_PAST');
  const made: StoreCredit = {
    id: world.store.nextId('storeCredit'),
    customerId: customer,
    amount,
    spent: 0,
    currency,
    createdAt: world.clock.iso(),
    expiresAt: input.expiresAt ?? null,
  };
  world.data.storeCredits.push(made);
  world.store.changed();
  return { storeCreditAccountTransaction: creditNode(made), userErrors: [] };
}

/** A customer's accounts, one for each currency. */
export function storeCreditAccounts(world: World, customerId: number) {
  return (args: PageArguments, context: Context): GraphNode => {
    const credits = world.data.storeCredits.filter((one) => one.customerId === customerId);
    const currencies = [...new Set(credits.map((one) => one.currency))].sort();
    return connection(
      'StoreCreditAccount',
      currencies,
      args,
      (currency) => currency,
      (currency) => {
        const its = [
          ...credits.filter((one) => one.currency === currency),
          ...world.data.storeCreditMoves.filter(
            (one) => one.customerId === customerId && one.currency === currency,
          ),
        ].sort((a, b) => a.id - b.id);
        return {
          __typename: 'StoreCreditAccount',
          id: gid('StoreCreditAccount', `${customerId}${currencies.indexOf(currency)}`),
          balance: money(
            storeCreditOf(world, world.data.customers.get(customerId) ?? null, currency),
            currency,
          ),
          transactions: (page: PageArguments, inner: Context) =>
            connection(
              'StoreCreditAccountTransaction',
              its,
              page,
              (one) => String(one.id),
              (one) => ('orderId' in one ? moveNode(one) : creditNode(one)),
              bulkMode(inner),
            ),
        };
      },
      bulkMode(context),
    );
  };
}

export const moneyRewardMutations: Record<string, Resolver> = {
  giftCardCreate: createCard,
  storeCreditAccountCredit: (args, { world }) => credit(args, world),
};
export const moneyRewardQueries: Record<string, Resolver> = {
  giftCards: (args, context) => {
    const query = ((args['query'] as string | null | undefined) ?? '').trim();
    // A bare word is a code; anything else names a field.
    const isWanted = /^[\w-]*$/.test(query)
      ? (card: GiftCard) => query === '' || card.code === query.toLowerCase()
      : matcher(query, 'gift cards', { created_at: (card: GiftCard) => card.createdAt });
    return connection(
      'GiftCard',
      context.world.data.giftCards.filter(isWanted),
      args as PageArguments,
      (card) => String(card.id),
      (card) => cardNode(context, card),
      bulkMode(context),
    );
  },
};
