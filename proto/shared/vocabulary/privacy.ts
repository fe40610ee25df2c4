export const PRIVACY_REQUESTS = ['data_request', 'redact'] as const;

export const PRIVACY_REQUEST_SOURCES = ['customer', 'admin', 'webhook'] as const;

export const PRIVACY_REQUEST_STATUSES = ['pending', 'completed', 'failed'] as const;
export type PrivacyRequestStatus = (typeof PRIVACY_REQUEST_STATUSES)[number];

export const SHOP_ERASURE_STATUSES = ['waiting', 'stopped', 'cancelled', 'erased'] as const;
export type ShopErasureStatus = (typeof SHOP_ERASURE_STATUSES)[number];

/** Why an erasure ended without a person; reasons that staff enter are free text. */
export const ERASURE_END_REASONS = ['installed_again', 'installed_still'] as const;
export type ErasureEndReason = (typeof ERASURE_END_REASONS)[number];
