/** Whether a customer can sign in to the shop, in Shopify's words. */
export const CUSTOMER_STATES = ['disabled', 'invited', 'enabled', 'declined'] as const;

/**
 * Why a customer is reported. `synced` is the first sync: customers who were there before the program. `partial` tells one
 * thing of a person (consent, tags) and names them by id, so that it completes what is known and never overwrites it.
 */
export const CUSTOMER_TRIGGERS = ['created', 'updated', 'enabled', 'synced', 'partial'] as const;
export type CustomerTrigger = (typeof CUSTOMER_TRIGGERS)[number];

/** What Shopify says of marketing by email. */
export const MARKETING_STATES = ['subscribed', 'not_subscribed'] as const;
export type MarketingState = (typeof MARKETING_STATES)[number];

export const CUSTOMER_SORTS = ['newest', 'balance', 'last_order'] as const;
export type CustomerSort = (typeof CUSTOMER_SORTS)[number];

export const CONSENT_STATUSES = ['granted', 'revoked'] as const;
export type ConsentStatus = (typeof CONSENT_STATUSES)[number];

/** Why a customer takes no part in the program: one of their tags, or that they buy for a company. */
export const ABSENCES = ['tag', 'company'] as const;
export type Absence = (typeof ABSENCES)[number];

/** Whether they are a contact of a company, where it was reported. */
export const COMPANY_STATES = ['yes', 'no'] as const;
