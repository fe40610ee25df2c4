interface ProgressBarProps {
  /** Percent. */
  progress: number;
  /** The element that says what of, and how far. */
  ariaLabelledBy: string;
  tone?: 'primary' | 'critical';
}

/** The browser's own, drawn as Polaris draws its: that one brings a library of transitions along. */
export function ProgressBar({ progress, ariaLabelledBy, tone = 'primary' }: ProgressBarProps) {
  return (
    <progress
      className="ln-progress"
      data-tone={tone}
      max={100}
      value={Math.min(100, Math.max(0, progress))}
      aria-labelledby={ariaLabelledBy}
    />
  );
}
