import { netOfLine, presented } from '../../order-totals.ts';
import { toDecimal } from '../../money.ts';
import { gid, type Order, type OrderLine, type Product } from '../../state.ts';
import type { World } from '../../world.ts';
import { bulkMode, type Args, type Context } from '../context.ts';
import { connection, type GraphNode, type PageArguments } from '../relay.ts';
import { moneyV2 } from './shop.ts';

export const moneyBag = (order: Order, minor: number): GraphNode => ({
  __typename: 'MoneyBag',
  shopMoney: moneyV2(minor, order.currency),
  presentmentMoney: moneyV2(presented(order, minor), order.presentmentCurrency),
});

export const productNode = (world: World, product: Product): GraphNode => ({
  __typename: 'Product',
  id: gid('Product', product.id),
  legacyResourceId: String(product.id),
  title: product.title,
  handle: product.handle,
  status: 'ACTIVE',
  vendor: 'Demo Store',
  productType: product.type,
  tags: [],
  description: () => product.description['en'] ?? '',
  descriptionHtml: product.description['en'] ?? '',
  createdAt: world.data.shop.createdAt,
  updatedAt: world.data.shop.createdAt,
  isGiftCard: false,
  totalInventory: 100,
  tracksInventory: false,
  hasOnlyDefaultVariant: true,
  variants: (args: PageArguments, context: Context) =>
    connection(
      'ProductVariant',
      [product],
      args,
      (p) => String(p.variantId),
      (p) => variantNode(world, p),
      bulkMode(context),
    ),
});
export const variantNode = (world: World, product: Product): GraphNode => ({
  __typename: 'ProductVariant',
  id: gid('ProductVariant', product.variantId),
  legacyResourceId: String(product.variantId),
  title: 'Default Title',
  displayName: `${product.title} - Default Title`,
  sku: product.sku,
  price: toDecimal(product.price, world.data.shop.currency),
  position: 1,
  availableForSale: true,
  taxable: true,
  compareAtPrice: null,
  product: () => productNode(world, product),
});

export function lineNode(world: World, order: Order, line: OrderLine): GraphNode {
  const product = world.data.products.find((candidate) => candidate.id === line.productId);
  const set = (minor: number): GraphNode => moneyBag(order, minor);
  return {
    __typename: 'LineItem',
    id: gid('LineItem', line.id),
    title: line.title,
    name: line.title,
    sku: line.sku,
    quantity: line.quantity,
    currentQuantity: line.currentQuantity,
    refundableQuantity: line.currentQuantity,
    unfulfilledQuantity: line.currentQuantity,
    nonFulfillableQuantity: 0,
    isGiftCard: false,
    requiresShipping: true,
    taxable: true,
    variantTitle: null,
    vendor: 'Demo Store',
    restockable: true,
    merchantEditable: true,
    originalUnitPriceSet: set(line.unitPrice),
    originalTotalSet: set(line.unitPrice * line.quantity),
    totalDiscountSet: set(line.discount),
    discountAllocations:
      line.discount === 0
        ? []
        : [{ __typename: 'DiscountAllocation', allocatedAmountSet: set(line.discount) }],
    discountedUnitPriceAfterAllDiscountsSet: set(
      Math.round(netOfLine(line, line.quantity) / Math.max(1, line.quantity)),
    ),
    discountedUnitPriceSet: set(line.unitPrice),
    customAttributes: [],
    taxLines: [],
    duties: [],
    discountedTotalSet: (args: Args) =>
      set(
        line.unitPrice * line.quantity - (args['withCodeDiscounts'] === true ? line.discount : 0),
      ),
    product: () => (product ? productNode(world, product) : null),
    variant: () => (product ? variantNode(world, product) : null),
  };
}
