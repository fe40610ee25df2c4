import { REGIONS, type Region } from '#vocabulary/campaigns.ts';

/** What groups of countries a campaign can be limited to are made of. */
const EU = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(
  ' ',
);

export const COUNTRIES_OF: Readonly<Record<Region, ReadonlySet<string>>> = {
  EU: new Set(EU),
  /** The European Economic Area: the Union, Iceland, Liechtenstein and Norway. */
  EEA: new Set([...EU, 'IS', 'LI', 'NO']),
  NORTH_AMERICA: new Set(['US', 'CA', 'MX']),
};

/**
 * Whether a country is one of those or in one of the regions. Without any condition everywhere is; with one, an order
 * that names no country is nowhere.
 */
export function isInCountries(
  country: string | null,
  countries: readonly string[],
  regions: readonly string[],
): boolean {
  if (countries.length === 0 && regions.length === 0) return true;
  if (country === null) return false;
  return (
    countries.includes(country) ||
    REGIONS.some((region) => regions.includes(region) && COUNTRIES_OF[region].has(country))
  );
}
