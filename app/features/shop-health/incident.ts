/** What the whole of LoyalNest suffers from, as far as the page can tell. */
export type Incident = 'core' | 'database' | 'unclear';
