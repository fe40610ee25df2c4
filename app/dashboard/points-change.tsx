import { Text } from '@shopify/polaris';
import { useFormat } from './shop.ts';

/** A signed number of points; the sign says it, the color only repeats it. */
export function PointsChange({ points }: { points: number }) {
  const { signed } = useFormat();
  return (
    <Text as="span" numeric fontWeight="semibold" tone={points < 0 ? 'critical' : 'success'}>
      {signed(points)}
    </Text>
  );
}
