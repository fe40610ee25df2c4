import { formatDecimal, formatMoney, formatNumber, formatPoints } from '../i18n/format.ts';
import type { PointsWords } from '../i18n/format.ts';
import type { Language } from '../i18n/languages.ts';
import type { ExplanationWords } from './explanation-words.ts';
import { MULTIPLIER_SOURCES } from '#vocabulary/earning.ts';
import { REASON_CODES, type ReasonCode } from '#vocabulary/ledger.ts';

interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** The input of a sentence: the explanation in core's entry. Accepts core's messages and their JSON. */
export interface ExplainedEntry {
  readonly points: number;
  readonly orderName: string;
  /** The reason typed for an adjustment. */
  readonly reason: string;
  readonly explanation?: Explained | undefined;
}

export interface Explained {
  readonly reasonCode: string;
  readonly base?: Money | undefined;
  readonly rate: string;
  readonly multiplier: string;
  /** Sources joined with +. */
  readonly multiplierSource?: string;
  readonly refunded?: Money | undefined;
  readonly awardPoints: number;
  readonly debtRepaid: number;
  readonly debtIncurred: number;
  /** The reward, tier or campaign by language; the empty language is good for all. */
  readonly subject?: Readonly<Record<string, string>>;
}

export interface ExplainIn {
  readonly language: Language;
  /** In that language. */
  readonly sentences: ExplanationWords;
  /** The shop's words for points in that language. */
  readonly words: PointsWords;
  /** Shoppers do not see notes by staff. */
  readonly withReason: boolean;
}

/** One or two sentences that explain an entry's points. Unknown reasons read as `awarded`. */
export function explainEntry(
  entry: ExplainedEntry,
  { language, sentences: catalog, words, withReason }: ExplainIn,
): string {
  const explained = entry.explanation;
  const subject = subjectIn(explained?.subject ?? {}, language);
  const parameters = {
    order: entry.orderName,
    subject,
    reason: withReason ? entry.reason.replace(/[.\s]+$/, '') : '',
    base: money(explained?.base, language),
    refunded: money(explained?.refunded, language),
    ratePoints: explained?.rate
      ? ratePoints(explained.rate, explained.base?.currency ?? '', { language, words, catalog })
      : '',
    points: formatPoints(Math.abs(entry.points), language, words),
    award: explained?.awardPoints ? formatPoints(explained.awardPoints, language, words) : '',
    multiplier: explained?.multiplier ? formatDecimal(explained.multiplier, language) : '',
    source: fill(sourcesOf(explained?.multiplierSource ?? '', catalog), { subject }),
    debtRepaid: formatNumber(explained?.debtRepaid ?? 0, language),
    debtIncurred: formatNumber(explained?.debtIncurred ?? 0, language),
  };
  const sentences = [catalog.reasons[reasonOf(explained?.reasonCode)]];
  if (explained !== undefined && Number(explained.multiplier || '1') !== 1)
    sentences.push(catalog.multiplier);
  if (explained !== undefined && explained.debtRepaid > 0) sentences.push(catalog.debtRepaid);
  if (explained !== undefined && explained.debtIncurred > 0) sentences.push(catalog.debtIncurred);
  return sentences.map((sentence) => fill(sentence, parameters)).join(' ');
}

/** Of an order whose points do not count yet; the day on which they do stands beside it. */
export const pendingSentence = (order: string, { pending }: ExplanationWords): string =>
  fill(pending, { order });

/** How many points are pending, to stand beside a balance. */
export const pendingText = (
  points: number,
  language: Language,
  words: PointsWords,
  { pendingPoints }: ExplanationWords,
): string => fill(pendingPoints, { points: formatPoints(points, language, words) });

function subjectIn(names: Readonly<Record<string, string>>, language: Language): string {
  return (names[language] || names['en'] || Object.values(names).find((name) => name !== '')) ?? '';
}

/** `10`, or `10/150` where it is for more than one unit of money. */
function ratePoints(
  rate: string,
  currency: string,
  {
    language,
    words,
    catalog,
  }: Pick<ExplainIn, 'language' | 'words'> & { readonly catalog: ExplanationWords },
): string {
  const [points = '', per = ''] = rate.split('/');
  const form = new Intl.PluralRules(language).select(Number(points));
  const named = `${formatDecimal(points, language)} ${form === 'one' ? words.one : words.other}`;
  return per === '' || currency === ''
    ? named
    : `${named} ${catalog.per} ${formatMoney({ amount: per, currency }, language)}`;
}

function reasonOf(code: string | undefined): ReasonCode {
  return REASON_CODES.find((reason) => reason === code) ?? 'awarded';
}

function sourcesOf(joined: string, { and, multiplierSources: words }: ExplanationWords): string {
  return joined
    .split('+')
    .flatMap((code) => MULTIPLIER_SOURCES.find((source) => source === code) ?? [])
    .map((source) => words[source])
    .join(` ${and} `);
}

function money(value: Money | undefined, language: Language): string {
  return value === undefined || value.amount === '' ? '' : formatMoney(value, language);
}

function fill(sentence: string, parameters: Readonly<Record<string, string>>): string {
  // In one pass, so that a merchant's text is never read as a placeholder.
  return sentence.replace(/\[([^\]]*)\]|\{(\w+)\}/g, (_match, part?: string, name?: string) => {
    if (part === undefined) return parameters[name ?? ''] ?? '';
    const names = [...part.matchAll(/\{(\w+)\}/g)].map(([, each]) => each ?? '');
    return names.every((each) => parameters[each]) ? fill(part, parameters) : '';
  });
}
