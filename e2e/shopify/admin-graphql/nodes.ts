// Any object by its global id.
import { idOf } from '../state.ts';
import type { World } from '../world.ts';
import { notModeled } from './errors.ts';
import type { GraphNode } from './relay.ts';
import { bulkNode } from './resolvers/bulk.ts';
import { customerNode } from './resolvers/customers.ts';
import { discountNode } from './resolvers/discounts.ts';
import { productNode } from './resolvers/order-lines.ts';
import { orderNode } from './resolvers/orders.ts';
import { installationNode, shopNode } from './resolvers/shop.ts';

export function nodeById(world: World, id: string): GraphNode | null {
  const { data } = world,
    type = /^gid:\/\/shopify\/(\w+)\//.exec(id)?.[1] ?? '',
    number = idOf(type, id);
  if (number === undefined) return null;
  const found = <T>(item: T | undefined, node: (item: T) => GraphNode): GraphNode | null =>
    item === undefined ? null : node(item);
  switch (type) {
    case 'Customer':
      return found(data.customers.get(data.mergedInto[String(number)] ?? number), (customer) =>
        customerNode(world, customer),
      );
    case 'Order':
      return found(data.orders.get(number), (order) => orderNode(world, order));
    case 'Product':
      return found(
        data.products.find((product) => product.id === number),
        (product) => productNode(world, product),
      );
    case 'DiscountCodeNode':
      return found(data.discounts.get(number), (discount) => discountNode(world, discount));
    case 'DiscountNode':
      return found(data.discounts.get(number), (discount) =>
        discountNode(world, discount, 'DiscountNode'),
      );
    case 'BulkOperation':
      return found(
        data.bulk.find((operation) => operation.id === number),
        (operation) => bulkNode(world, operation),
      );
    case 'AppInstallation':
      return number === data.installation.id ? installationNode(world) : null;
    case 'Shop':
      return number === data.shop.id ? shopNode(world) : null;
    default:
      throw notModeled(`node(id:) of ${type}`);
  }
}
