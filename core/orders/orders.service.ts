import type { ServiceImplementation } from 'nice-grpc';
import type { Problem } from '#proto/common/v1/common.ts';
import type {
  PointsServiceDefinition,
  RecordOrderRequest,
  RecordOrderResult,
} from '#proto/points/v1/points.ts';
import { encryptMember, tombstoneOf } from '../members/customer-encryption.ts';
import { finishDeliveries } from '../inbox/deliveries.store.ts';
import { GroupCommit, refusedBySql } from '../ledger/index.ts';
import { tenantOf, type CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { DomainError, invalidInput } from '../shared/errors.ts';
import { parseRequest } from '../call/validation.ts';
import { recordOrders, type RecordOrderDependencies, type RecordOutcome } from './record-order.ts';
import type { OrderUpdate } from './settle-orders.ts';
import { settleDueOrders } from './due-orders.ts';
import { MAX_ORDERS, recordOrder } from './requests.ts';

type Methods = Pick<
  ServiceImplementation<typeof PointsServiceDefinition, CallerContext>,
  'recordOrder' | 'recordOrders' | 'settlePendingOrders'
>;

/** What is learned of orders: calls that come together, whatever their tenants, are recorded in one transaction. */
export function orderMethods(deps: CoreDependencies): Methods {
  const { pool, ledger } = deps;
  const recording: RecordOrderDependencies = {
    pool,
    ledger,
    clock: deps.clock,
    encryptMember: (merchantId, identity) => encryptMember(deps, merchantId, identity),
    tombstoneOf: (merchantId, shopifyCustomerId) =>
      tombstoneOf(deps, merchantId, shopifyCustomerId),
    finishDeliveries,
    hashDiscountCode: (merchantId, code) => deps.blindIndex.discountCode(merchantId, code),
  };
  const orders = new GroupCommit<OrderUpdate, RecordOutcome>({
    execute: (updates) => recordOrders(recording, updates),
    tenantOf: (update) => update.merchantId,
    maxBatch: 64,
    // What one order is refused for must not refuse those that happened to be recorded with it.
    isPoisoned: (error) => error instanceof DomainError || refusedBySql(error),
    onBatch: deps.onBatch('orders'),
  });
  deps.onDrain(() => orders.close());

  /** A refusal is a result; what is retried (contention, an unavailable database) concerns the whole call. */
  async function recordOne(
    merchantId: string,
    order: RecordOrderRequest,
  ): Promise<RecordOrderResult> {
    try {
      const request = parseRequest(recordOrder, order) as RecordOrderRequest;
      const outcome = await orders.submit({ merchantId, request });
      return outcome.kind === 'recorded'
        ? { recorded: outcome.response, problem: undefined }
        : { recorded: undefined, problem: problemMessage(outcome.problem) };
    } catch (error) {
      if (error instanceof DomainError)
        return { recorded: undefined, problem: problemMessage(error) };
      throw error;
    }
  }

  return {
    settlePendingOrders: ({ limit }) =>
      settleDueOrders(
        { pool, clock: deps.clock, logger: deps.logger, settle: orders.submit.bind(orders) },
        limit,
      ),

    async recordOrder(request, context) {
      const outcome = await orders.submit({ merchantId: tenantOf(context), request });
      if (outcome.kind === 'refused') throw outcome.problem;
      return outcome.response;
    },

    async recordOrders(request, context) {
      const { orders: wanted } = request;
      if (wanted.length > MAX_ORDERS)
        throw invalidInput('orders', `must have at most ${MAX_ORDERS} items`);
      const merchantId = tenantOf(context);
      return { results: await Promise.all(wanted.map((order) => recordOne(merchantId, order))) };
    },
  };
}

const problemMessage = ({ code, field, message }: DomainError): Problem => ({
  code,
  field,
  message,
});
