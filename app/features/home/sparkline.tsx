const WIDTH = 100;
const HEIGHT = 24;

/** The shape of a trend, for eyes alone: its numbers are in the chart's table. */
export function Sparkline({ values }: { values: readonly number[] }) {
  return (
    <svg
      className="ln-spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polyline points={pointsOf(values)} />
    </svg>
  );
}

function pointsOf(values: readonly number[]): string {
  const highest = Math.max(...values, 1);
  const lowest = Math.min(...values, 0);
  const step = WIDTH / Math.max(1, values.length - 1);
  return values
    .map((value, nth) => {
      const y = HEIGHT - 1 - ((value - lowest) / (highest - lowest)) * (HEIGHT - 2);
      return `${(nth * step).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}
