import type { Customer } from '#proto/admin/v1/admin.ts';

/** The name as one reads it; empty when Shopify knows none. */
export function customerName(customer: Pick<Customer, 'firstName' | 'lastName'>): string {
  return `${customer.firstName} ${customer.lastName}`.trim();
}
