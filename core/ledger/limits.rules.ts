/** Points of one entry at most. An order in a currency of small units earns many; beyond this it is a mistake. */
export const MAX_ENTRY_POINTS = 1_000_000_000_000;
