import { lazy, Suspense } from 'react';
import type { PreviewSlot } from '../../../dashboard/preview-slot.ts';

const LivePreview = lazy(() =>
  import('./live-preview.tsx').then((module) => ({ default: module.LivePreview })),
);

/** The storefront beside a form; its script comes after the form's. */
export const PreviewBeside: PreviewSlot = function PreviewBeside(props) {
  return (
    <Suspense fallback={<div className="ln-stage ln-stage-to-come" aria-busy="true" />}>
      <LivePreview {...props} />
    </Suspense>
  );
};
