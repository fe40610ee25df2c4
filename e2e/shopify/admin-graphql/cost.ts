// The calculated cost of a query and the leaky bucket it is paid from. An approximation of Shopify's: objects cost 1, scalars nothing,
// a mutation 10, a connection 2 and a quarter of its nodes' cost for each of `first`/`last`.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isCompositeType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
  Kind,
  OperationTypeNode,
} from 'graphql';
import type { Shop } from '../state.ts';

export const MAX_SINGLE_QUERY = 1_000;
const LIMITS: Readonly<Record<Shop['plan'], { restore: number; size: number }>> = {
  basic: { restore: 100, size: 2_000 },
  advanced: { restore: 200, size: 4_000 },
  plus: { restore: 1_000, size: 20_000 },
};

export function requestedCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): number {
  const fragments = new Map(
    document.definitions
      .filter((d): d is FragmentDefinitionNode => d.kind === Kind.FRAGMENT_DEFINITION)
      .map((d) => [d.name.value, d]),
  );
  const root =
    operation.operation === OperationTypeNode.MUTATION
      ? schema.getMutationType()
      : schema.getQueryType();
  const cost = (
    set: SelectionSetNode | undefined,
    type: GraphQLCompositeType | null | undefined,
  ): number => {
    let sum = 0;
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value),
          on = fragment && schema.getType(fragment.typeCondition.name.value);
        if (fragment && isCompositeType(on)) sum += cost(fragment.selectionSet, on);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = selection.typeCondition
          ? schema.getType(selection.typeCondition.name.value)
          : type;
        if (isCompositeType(on)) sum += cost(selection.selectionSet, on);
      } else {
        const field =
            type && 'getFields' in type ? type.getFields()[selection.name.value] : undefined,
          returns = field && getNamedType(field.type);
        if (!isCompositeType(returns)) continue;
        if (!(isObjectType(returns) && returns.name.endsWith('Connection'))) {
          sum += (returns.name === 'PageInfo' ? 0 : 1) + cost(selection.selectionSet, returns);
          continue;
        }
        const size = selection.arguments?.find(
          (argument) => argument.name.value === 'first' || argument.name.value === 'last',
        );
        const count = Number(size ? valueFromASTUntyped(size.value, variables) : 0);
        const perNode = cost(selection.selectionSet, returns);
        sum += 2 + Math.ceil((count * Math.max(1, perNode)) / 4);
      }
    }
    return sum;
  };
  return operation.operation === OperationTypeNode.MUTATION
    ? 10 * operation.selectionSet.selections.length
    : Math.max(1, cost(operation.selectionSet, root));
}

export interface ThrottleStatus {
  maximumAvailable: number;
  currentlyAvailable: number;
  restoreRate: number;
}

/** One bucket for each app and shop; it fills at the plan's rate on the machine's clock. */
export class CostBucket {
  #available: number | undefined;
  #at = Date.now();
  #limits(plan: Shop['plan']): { restore: number; size: number } {
    const limits = LIMITS[plan],
      now = Date.now();
    this.#available = Math.min(
      limits.size,
      (this.#available ?? limits.size) + ((now - this.#at) / 1000) * limits.restore,
    );
    this.#at = now;
    return limits;
  }
  /** Takes the cost if there is enough left. */
  take(plan: Shop['plan'], cost: number): boolean {
    this.#limits(plan);
    if ((this.#available ?? 0) < cost) return false;
    this.#available = (this.#available ?? 0) - cost;
    return true;
  }
  giveBack(plan: Shop['plan'], cost: number): void {
    const { size } = this.#limits(plan);
    this.#available = Math.min(size, (this.#available ?? 0) + Math.max(0, cost));
  }
  drain(plan: Shop['plan']): void {
    this.#limits(plan);
    this.#available = 0;
  }
  refill(): void {
    this.#available = undefined;
  }
  status(plan: Shop['plan']): ThrottleStatus {
    const { restore, size } = this.#limits(plan);
    return {
      maximumAvailable: size,
      currentlyAvailable: Math.floor(this.#available ?? size),
      restoreRate: restore,
    };
  }
}
