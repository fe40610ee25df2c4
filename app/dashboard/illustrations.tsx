/** Drawn for LoyalNest. Colors follow Polaris, but for the accent, which is the widget's own. */
const accent = '#0f766e';
const ground = 'var(--p-color-bg-surface-tertiary)';
const paper = 'var(--p-color-bg-surface)';
const line = 'var(--p-color-border-hover)';

const drawings = {
  rewards: (
    <>
      <rect
        x="30"
        y="44"
        width="60"
        height="38"
        rx="4"
        fill={paper}
        stroke={line}
        strokeWidth="2"
      />
      <rect
        x="25"
        y="34"
        width="70"
        height="14"
        rx="4"
        fill={paper}
        stroke={line}
        strokeWidth="2"
      />
      <path d="M54 34h12v48H54z" fill={accent} />
      <path
        d="M60 33c-6-14-22-12-18-3 2 4 11 4 18 3Zm0 0c6-14 22-12 18-3-2 4-11 4-18 3Z"
        fill="none"
        stroke={accent}
        strokeWidth="4"
      />
    </>
  ),
  campaigns: (
    <>
      <rect
        x="28"
        y="22"
        width="64"
        height="60"
        rx="6"
        fill={paper}
        stroke={line}
        strokeWidth="2"
      />
      <path d="M28 38h64" stroke={line} strokeWidth="2" />
      <path d="M44 16v12M76 16v12" stroke={line} strokeWidth="4" strokeLinecap="round" />
      <path
        d="m60 44 4.6 9.4 10.4 1.5-7.5 7.3 1.8 10.3L60 67.6l-9.3 4.9 1.8-10.3-7.5-7.3 10.4-1.5z"
        fill={accent}
      />
    </>
  ),
  customers: (
    <>
      <circle cx="42" cy="42" r="10" fill={paper} stroke={line} strokeWidth="2" />
      <path d="M24 76c0-11 8-18 18-18s18 7 18 18z" fill={paper} stroke={line} strokeWidth="2" />
      <circle cx="74" cy="38" r="13" fill={paper} stroke={accent} strokeWidth="3" />
      <path d="M51 82c0-14 10-23 23-23s23 9 23 23z" fill={accent} />
    </>
  ),
  referrals: (
    <>
      <path d="M40 50 78 30M40 54l38 20" stroke={line} strokeWidth="3" />
      <circle cx="34" cy="52" r="14" fill={accent} />
      <circle cx="34" cy="48" r="4" fill="#fff" />
      <path d="M26 60c0-5 3-8 8-8s8 3 8 8z" fill="#fff" />
      <circle cx="86" cy="28" r="11" fill={paper} stroke={line} strokeWidth="2" />
      <circle cx="86" cy="76" r="11" fill={paper} stroke={accent} strokeWidth="3" />
      <path d="m81 76 4 4 7-8" fill="none" stroke={accent} strokeWidth="3" />
    </>
  ),
  activity: (
    <>
      <rect
        x="32"
        y="16"
        width="56"
        height="68"
        rx="6"
        fill={paper}
        stroke={line}
        strokeWidth="2"
      />
      <path d="M52 34h26M52 50h26M52 66h18" stroke={line} strokeWidth="4" strokeLinecap="round" />
      <circle cx="42" cy="34" r="4" fill={accent} />
      <circle cx="42" cy="50" r="4" fill={accent} />
      <circle cx="42" cy="66" r="4" fill={line} />
    </>
  ),
  deliveries: (
    <>
      <rect
        x="26"
        y="30"
        width="68"
        height="46"
        rx="6"
        fill={paper}
        stroke={line}
        strokeWidth="2"
      />
      <path d="m28 34 32 24 32-24" fill="none" stroke={line} strokeWidth="2" />
      <circle cx="90" cy="70" r="14" fill={accent} />
      <path d="m83 70 5 5 9-10" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
    </>
  ),
  tiers: (
    <>
      <path d="M20 82V62h26v20z" fill={paper} stroke={line} strokeWidth="2" />
      <path d="M47 82V48h26v34z" fill={paper} stroke={line} strokeWidth="2" />
      <path d="M74 82V36h26v46z" fill={accent} />
      <path
        d="m87 10 3.4 7 7.6 1-5.5 5.4 1.3 7.6-6.8-3.6-6.8 3.6 1.3-7.6L76 18l7.6-1z"
        fill={accent}
      />
    </>
  ),
} as const;
export type Drawing = keyof typeof drawings;

/** What a page without rows is for, as a picture; its words say the same. */
export function Illustration({ of }: { of: Drawing }) {
  return (
    <svg viewBox="0 0 120 100" width="144" height="120" aria-hidden="true" focusable="false">
      <ellipse cx="60" cy="54" rx="56" ry="44" fill={ground} />
      {drawings[of]}
    </svg>
  );
}
