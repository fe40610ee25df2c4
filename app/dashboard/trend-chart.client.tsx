import {
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import { useEffect, useRef } from 'react';

// Only what a line chart needs; the rest of the library stays out of the download.
Chart.register(
  LineController,
  LineElement,
  PointElement,
  CategoryScale,
  LinearScale,
  Legend,
  Tooltip,
);

interface TrendSeries {
  readonly name: string;
  readonly values: readonly number[];
  /** Of the period before: drawn behind, dashed. */
  readonly isBefore?: boolean;
}

interface TrendChartProps {
  label: string;
  labels: readonly string[];
  series: readonly TrendSeries[];
  format: (value: number) => string;
}

/** Three to one against white, and told apart by more than their hue: by lightness, and by dashes. */
const LINES = ['#14776E', '#B5310F'];
const BEFORE = '#7A7A7A';

export default function TrendChart({ label, labels, series, format }: TrendChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current === null) return;
    const chart = new Chart(canvas.current, {
      type: 'line',
      data: {
        labels: [...labels],
        datasets: series.map(({ name, values, isBefore = false }, index) => {
          const color = isBefore ? BEFORE : LINES[index];
          return {
            label: name,
            data: [...values],
            borderColor: color,
            backgroundColor: color,
            borderWidth: isBefore ? 1.5 : 2,
            borderDash: isBefore ? [4, 4] : [],
            pointRadius: values.length > 31 ? 0 : 2,
            pointHitRadius: 12,
            tension: 0.25,
            cubicInterpolationMode: 'monotone' as const,
          };
        }),
      },
      options: {
        maintainAspectRatio: false,
        animation: false,
        interaction: { mode: 'index', intersect: false },
        plugins: {
          legend: {
            position: 'bottom',
            labels: { usePointStyle: true, pointStyle: 'line', pointStyleWidth: 24 },
          },
          tooltip: {
            callbacks: {
              label: ({ dataset, parsed }) => `${dataset.label ?? ''}: ${format(parsed.y ?? 0)}`,
            },
          },
        },
        scales: {
          x: { grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 24 } },
          y: {
            beginAtZero: true,
            ticks: { maxTicksLimit: 5, callback: (value) => format(Number(value)) },
          },
        },
      },
    });
    return () => chart.destroy();
  }, [labels, series, format]);
  return <canvas ref={canvas} role="img" aria-label={label} />;
}
