import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  Tooltip,
} from 'chart.js';
import { useEffect, useRef } from 'react';

// Only what a bar chart needs; the rest of the library stays out of the download.
Chart.register(BarController, BarElement, CategoryScale, LinearScale, Legend, Tooltip);

interface PointsChartProps {
  label: string;
  labels: readonly string[];
  series: readonly { name: string; values: readonly number[] }[];
}

/** Fill and edge; the edges keep three to one against white, and the series differ in lightness too. */
const COLORS = [
  { fill: '#2CB1A5', edge: '#14776E' },
  { fill: '#FF5733', edge: '#B5310F' },
];

export default function PointsChart({ label, labels, series }: PointsChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current === null) return;
    const chart = new Chart(canvas.current, {
      type: 'bar',
      data: {
        labels: [...labels],
        datasets: series.map(({ name, values }, index) => ({
          label: name,
          data: [...values],
          backgroundColor: COLORS[index]?.fill,
          borderColor: COLORS[index]?.edge,
          borderWidth: 1,
          maxBarThickness: 18,
        })),
      },
      options: {
        maintainAspectRatio: false,
        locale: document.documentElement.lang || 'en',
        animation: window.matchMedia('(prefers-reduced-motion: reduce)').matches
          ? false
          : { duration: 300 },
        plugins: { legend: { position: 'bottom' } },
        scales: {
          x: { grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 16 } },
          y: { beginAtZero: true, ticks: { precision: 0 } },
        },
      },
    });
    return () => chart.destroy();
  }, [labels, series]);
  return <canvas ref={canvas} role="img" aria-label={label} />;
}
