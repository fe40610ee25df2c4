// What the shop remembers of its discounts.
export interface DiscountCode {
  id: number;
  code: string;
  used: number;
}
export interface Discount {
  id: number;
  kind: 'DiscountCodeBasic' | 'DiscountCodeFreeShipping' | 'DiscountCodeBxgy';
  title: string;
  codes: DiscountCode[];
  startsAt: string;
  endsAt: string | null;
  usageLimit: number | null;
  appliesOncePerCustomer: boolean;
  combinesWith: { orderDiscounts: boolean; productDiscounts: boolean; shippingDiscounts: boolean };
  /** Null: all customers. */
  customerIds: number[] | null;
  value:
    | { kind: 'amount'; amount: number; onEachItem: boolean }
    | { kind: 'percentage'; percentage: number }
    | null;
  productIds: number[] | null;
  /** Of "buy X, get Y": what must be bought beside, and how much of it. */
  buys: { productIds: number[]; quantity: number | null; amount: number | null } | null;
  minimumSubtotal: number | null;
  minimumQuantity: number | null;
  maximumShippingPrice: number | null;
  tags: string[];
  usedBy: number[];
  createdAt: string;
  updatedAt: string;
}
