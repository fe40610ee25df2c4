import { Badge, InlineStack, type BadgeProps } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { wordsIn } from '../../dashboard/localized.ts';
import { useFormat } from '../../dashboard/shop.ts';
import { SEGMENTS, type Segment } from '#vocabulary/segments.ts';

/** A segment of the shop; names are there only of those the merchant made. */
export interface SegmentChoice {
  readonly segmentId: string;
  readonly names: Readonly<Record<string, string>>;
}

const TONES: Readonly<Record<Segment, BadgeProps['tone']>> = {
  champions: 'success',
  vip: 'success',
  loyal: 'info',
  new: 'info',
  at_risk_high_value: 'critical',
  at_risk: 'warning',
  inactive: 'warning',
  other: undefined,
};

const ourSegment = (id: string): Segment | undefined => SEGMENTS.find((own) => own === id);

/** Names segments in the reader's language: ours by the catalog, the merchant's by the words they were given. */
export function useSegmentName(segments: readonly SegmentChoice[]): (id: string) => string {
  const { t } = useTranslation();
  const { language } = useFormat();
  return (id) => {
    const own = segments.find(({ segmentId }) => segmentId === id);
    const words = wordsIn(own?.names, language);
    if (words !== '') return words;
    const known = ourSegment(id);
    return known === undefined ? id : t(`segments.${known}`);
  };
}

/** The primary segment first. */
export function SegmentBadges({
  ids,
  segments,
}: {
  ids: readonly string[];
  segments: readonly SegmentChoice[];
}) {
  const name = useSegmentName(segments);
  return (
    <InlineStack gap="100">
      {ids.map((id) => {
        const tone = TONES[ourSegment(id) ?? 'other'];
        return (
          <Badge key={id} {...(tone === undefined ? {} : { tone })}>
            {name(id)}
          </Badge>
        );
      })}
    </InlineStack>
  );
}
