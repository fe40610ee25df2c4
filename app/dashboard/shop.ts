import { useRouteLoaderData } from '@remix-run/react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { PointsName } from '#proto/admin/v1/admin.ts';
import * as format from '../i18n/format.ts';
import { languageOfTag, type Language } from '../i18n/languages.ts';

/** What every page needs to know of the shop; comes with the layout, once. */
export interface Shop {
  readonly shopDomain: string;
  readonly currency: string;
  readonly timezone: string;
  readonly pointsNames: Readonly<Record<string, PointsName>>;
  /** Below which its uploaded pictures are. */
  readonly pictures: string;
  /** The public address of docs/merchant, without a slash at its end; empty where there is none. */
  readonly documentation: string;
}

/** Where core could not be asked. */
export const UNKNOWN_SHOP: Shop = {
  shopDomain: '',
  currency: '',
  timezone: 'UTC',
  pointsNames: {},
  pictures: '',
  documentation: '',
};

export function useShop(): Shop {
  const layout = useRouteLoaderData<{ shop: Shop }>('routes/app');
  return layout?.shop ?? UNKNOWN_SHOP;
}

export interface Format {
  readonly language: Language;
  readonly words: format.PointsWords;
  readonly number: (value: number) => string;
  readonly signed: (value: number) => string;
  readonly languageName: (language: Language) => string;
  readonly compact: (value: number) => string;
  /** Of a ratio: 0.125 is 12.5 %. */
  readonly percent: (ratio: number) => string;
  readonly money: (money: { amount: string; currency: string }) => string;
  readonly date: (iso: string) => string;
  /** The last day before an end instant: midnight belongs to the previous day. */
  readonly lastDay: (end: string) => string;
  readonly dateTime: (iso: string) => string;
  /** `2 hours ago`; empty beyond a week. */
  readonly recent: (iso: string) => string;
  readonly day: (day: string) => string;
  readonly duration: (milliseconds: number) => string;
  readonly points: (points: number) => string;
}

/** Formatters bound to the reader's language and the shop's time zone and words. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const { timezone, pointsNames } = useShop();
  const language = languageOfTag(i18n.language);
  return useMemo(() => {
    const words = format.pointsWords(pointsNames, language);
    return {
      language,
      words,
      number: (value) => format.formatNumber(value, language),
      signed: (value) => format.formatSigned(value, language),
      languageName: (name) => format.formatLanguage(name, language),
      compact: (value) => format.formatCompact(value, language),
      percent: (ratio) => format.formatPercent(ratio, language),
      money: (money) => format.formatMoney(money, language),
      date: (iso) => format.formatDate(iso, language, timezone),
      lastDay: (end) => format.formatLastDay(end, language, timezone),
      dateTime: (iso) => format.formatDateTime(iso, language, timezone),
      recent: (iso) => format.formatRecent(iso, language, Date.now()),
      day: (day) => format.formatDay(day, language),
      duration: (milliseconds) => format.formatDuration(milliseconds, language),
      points: (points) => format.formatPoints(points, language, words),
    };
  }, [language, timezone, pointsNames]);
}

/** The shop's admin at Shopify; opened in the top window. */
export function shopifyAdminUrl(shopDomain: string, path: string): string {
  return `https://${shopDomain}/admin/${path}`;
}
