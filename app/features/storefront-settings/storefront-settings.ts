import type { GetWidgetResponse } from '#proto/frontend/v1/frontend.ts';
import type { WidgetBranding } from '#proto/frontend/v1/widget.ts';
import { LANGUAGES } from '../../i18n/languages.ts';
import type { Language } from '../../i18n/languages.ts';
import { parseDecimal } from '../../money.ts';

/** What the theme's Liquid renders with before any request (docs/widget.md). No personal data. */
export interface StorefrontSettings {
  readonly default_language: string;
  readonly points_name: ByLanguage<{ one: string; other: string }>;
  readonly program_active: boolean;
  readonly quote?: { rate: string; rate_e4: number; per?: string; excluded: string[] };
  readonly launcher: {
    color?: string;
    position?: string;
    icon?: string;
    text?: ByLanguage<string>;
  };
  readonly sticky_bar?: { enabled: true; text: ByLanguage<string>; color?: string; link?: string };
  readonly post_purchase: { enabled: boolean; text?: ByLanguage<string> };
  readonly page: { color?: string; title?: ByLanguage<string> };
  readonly welcome?: ByLanguage<string>;
}
type ByLanguage<Value> = Partial<Record<Language, Value>>;

/**
 * @param views the first view of a guest, in each language
 * @param defaultLanguage the shop's own
 */
export function storefrontSettings(
  views: Readonly<Record<Language, GetWidgetResponse>>,
  defaultLanguage: string,
): StorefrontSettings {
  const { program, quote, branding } = views.en;
  const words = (of: (branding: WidgetBranding) => string): ByLanguage<string> | undefined => {
    const entries = LANGUAGES.map((language) => {
      const { branding: own } = views[language];
      return [language, own === undefined ? '' : of(own)] as const;
    }).filter(([, text]) => text !== '');
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  };
  const launcherText = words((own) => own.launcherText);
  const barText = branding?.hasStickyBar === true ? words((own) => own.stickyBarText) : undefined;
  const afterText = words((own) => own.postPurchaseText);
  const pageTitle = words((own) => own.pageTitle);
  const welcome = words((own) => own.welcome);
  return {
    default_language: defaultLanguage,
    points_name: Object.fromEntries(
      LANGUAGES.map((language) => {
        const { one = '', other = '' } = views[language].pointsName ?? {};
        return [language, { one, other }];
      }),
    ),
    program_active: program?.active ?? false,
    ...(quote !== undefined &&
      quote.points > 0 && {
        quote: {
          ...(quote.pointsPerUnit === ''
            ? { rate: String(quote.points), per: String(quote.per), rate_e4: quote.points * 10_000 }
            : // Whole ten-thousandths, as Liquid knows no exact decimals; a rate has four places at most.
              {
                rate: quote.pointsPerUnit,
                rate_e4: Number(parseDecimal(quote.pointsPerUnit)),
              }),
          excluded: quote.excludedProductIds,
        },
      }),
    launcher: {
      ...given('color', branding?.launcherColor),
      ...given('position', branding?.launcherPosition),
      ...given('icon', branding?.launcherIcon),
      ...(launcherText && { text: launcherText }),
    },
    ...(barText && {
      sticky_bar: {
        enabled: true as const,
        text: barText,
        ...given('color', branding?.stickyBarColor),
        ...given('link', branding?.stickyBarLink),
      },
    }),
    post_purchase: {
      enabled: branding?.hasPostPurchase ?? true,
      ...(afterText && { text: afterText }),
    },
    page: { ...given('color', branding?.pageColor), ...(pageTitle && { title: pageTitle }) },
    ...(welcome && { welcome }),
  };
}

const given = <Key extends string>(key: Key, value: string | undefined) =>
  value === undefined || value === '' ? {} : ({ [key]: value } as Record<Key, string>);
