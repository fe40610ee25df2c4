import { z } from 'zod';
import type { AdminDocument } from '../admin-client.server.ts';
import { userErrors } from './user-errors.ts';

/** What all discounts with a code have in common, as Shopify takes it. */
interface CodeDiscountInput {
  title: string;
  code: string;
  startsAt: string;
  endsAt: string | null;
  usageLimit: number;
  appliesOncePerCustomer: boolean;
  combinesWith: {
    orderDiscounts: boolean;
    productDiscounts: boolean;
    shippingDiscounts: boolean;
  };
  context: { customers: { add: string[] } };
  tags: string[];
  minimumRequirement?: { subtotal: { greaterThanOrEqualToSubtotal: string } };
}

interface Items {
  all?: true;
  collections?: { add: string[] };
  products?: { productVariantsToAdd: string[] };
}

export interface BasicDiscountInput extends CodeDiscountInput {
  customerGets: {
    value:
      { percentage: number } | { discountAmount: { amount: string; appliesOnEachItem: boolean } };
    items: Items;
  };
}

export interface FreeShippingInput extends CodeDiscountInput {
  destination: { all: true };
  maximumShippingPrice?: string;
}

export interface BuyGetInput extends Omit<CodeDiscountInput, 'minimumRequirement'> {
  usesPerOrderLimit: number;
  customerBuys: { value: { quantity: string } | { amount: string }; items: Items };
  customerGets: {
    value: { discountOnQuantity: { quantity: string; effect: { percentage: number } } };
    items: Items;
  };
}

const created = z
  .object({ codeDiscountNode: z.object({ id: z.string() }).nullish(), userErrors })
  .nullable();

const basicData = z.object({ discountCodeBasicCreate: created });
export const createBasicDiscount: AdminDocument<
  z.output<typeof basicData>,
  { discount: BasicDiscountInput }
> = {
  name: 'CreateBasicDiscount',
  cost: 10,
  data: basicData,
  query: `#graphql
    mutation CreateBasicDiscount($discount: DiscountCodeBasicInput!) {
      discountCodeBasicCreate(basicCodeDiscount: $discount) {
        codeDiscountNode { id }
        userErrors { field message code }
      }
    }`,
};

const freeShippingData = z.object({ discountCodeFreeShippingCreate: created });
export const createFreeShipping: AdminDocument<
  z.output<typeof freeShippingData>,
  { discount: FreeShippingInput }
> = {
  name: 'CreateFreeShipping',
  cost: 10,
  data: freeShippingData,
  query: `#graphql
    mutation CreateFreeShipping($discount: DiscountCodeFreeShippingInput!) {
      discountCodeFreeShippingCreate(freeShippingCodeDiscount: $discount) {
        codeDiscountNode { id }
        userErrors { field message code }
      }
    }`,
};

const buyGetData = z.object({ discountCodeBxgyCreate: created });
export const createBuyGetDiscount: AdminDocument<
  z.output<typeof buyGetData>,
  { discount: BuyGetInput }
> = {
  name: 'CreateBuyGetDiscount',
  cost: 10,
  data: buyGetData,
  query: `#graphql
    mutation CreateBuyGetDiscount($discount: DiscountCodeBxgyInput!) {
      discountCodeBxgyCreate(bxgyCodeDiscount: $discount) {
        codeDiscountNode { id }
        userErrors { field message code }
      }
    }`,
};

const codeData = z.object({
  codeDiscountNodeByCode: z
    .object({
      id: z.string(),
      codeDiscount: z.object({ asyncUsageCount: z.number().optional() }),
    })
    .nullable(),
});
export const findDiscountByCode: AdminDocument<z.output<typeof codeData>, { code: string }> = {
  name: 'FindDiscountByCode',
  cost: 3,
  data: codeData,
  query: `#graphql
    query FindDiscountByCode($code: String!) {
      codeDiscountNodeByCode(code: $code) {
        id
        codeDiscount {
          ... on DiscountCodeBasic { asyncUsageCount }
          ... on DiscountCodeFreeShipping { asyncUsageCount }
          ... on DiscountCodeBxgy { asyncUsageCount }
        }
      }
    }`,
};

const deactivateData = z.object({ discountCodeDeactivate: z.object({ userErrors }).nullable() });
export const deactivateDiscount: AdminDocument<z.output<typeof deactivateData>, { id: string }> = {
  name: 'DeactivateDiscount',
  cost: 10,
  data: deactivateData,
  query: `#graphql
    mutation DeactivateDiscount($id: ID!) {
      discountCodeDeactivate(id: $id) {
        userErrors { field message code }
      }
    }`,
};

const variantData = z.object({
  productVariant: z.object({ price: z.string() }).nullable(),
});
export const readVariantPrice: AdminDocument<z.output<typeof variantData>, { id: string }> = {
  name: 'ReadVariantPrice',
  cost: 1,
  data: variantData,
  query: `#graphql
    query ReadVariantPrice($id: ID!) {
      productVariant(id: $id) { price }
    }`,
};

const madeFields = `
  title
  tags
  createdAt
  endsAt
  asyncUsageCount
  codes(first: 1) { nodes { code } }
  context { ... on DiscountCustomers { customers { id } } }`;

const madeDiscount = z.object({
  title: z.string(),
  tags: z.array(z.string()),
  createdAt: z.string(),
  endsAt: z.string().nullish(),
  asyncUsageCount: z.number(),
  codes: z.object({ nodes: z.array(z.object({ code: z.string() })) }),
  context: z.object({ customers: z.array(z.object({ id: z.string() })).optional() }),
});
const madeData = z.object({
  codeDiscountNodes: z.object({
    nodes: z.array(
      // Other apps' discounts have none of the fields.
      z.object({ id: z.string(), codeDiscount: madeDiscount.or(z.object({}).strict()) }),
    ),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  }),
});

/** Discounts by a search, those of this app among them. */
export const listDiscounts: AdminDocument<
  z.output<typeof madeData>,
  { query: string; after: string | null }
> = {
  name: 'ListDiscounts',
  cost: 60,
  data: madeData,
  query: `#graphql
    query ListDiscounts($query: String!, $after: String) {
      codeDiscountNodes(first: 25, query: $query, after: $after) {
        nodes {
          id
          codeDiscount {
            ... on DiscountCodeBasic {${madeFields} }
            ... on DiscountCodeFreeShipping {${madeFields} }
            ... on DiscountCodeBxgy {${madeFields} }
          }
        }
        pageInfo { hasNextPage endCursor }
      }
    }`,
};
