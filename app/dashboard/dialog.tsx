import { Box, type ModalProps } from '@shopify/polaris';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';

// Fetched when the first dialog opens: most visits open none.
const DialogWindow = lazy(() => import('./dialog-window.tsx'));

/** A dialog that is rendered while open. Closing it returns the focus to what opened it. */
export function Dialog(props: Omit<ModalProps, 'open'>) {
  const [opener] = useState(() =>
    typeof document === 'undefined' ? null : document.activeElement,
  );
  useEffect(
    () => () => {
      // After rendering: the opener may be gone, and then the page keeps the focus itself.
      setTimeout(() => {
        const isLost = document.activeElement === null || document.activeElement === document.body;
        if (isLost && opener instanceof HTMLElement && opener.isConnected) opener.focus();
      });
    },
    [opener],
  );
  return (
    <Suspense fallback={null}>
      <DialogWindow {...props} />
    </Suspense>
  );
}

/** A part of a dialog, as `Modal.Section`, which would bring the whole of it along. */
export function DialogSection({ children }: { children: ReactNode }) {
  return (
    <Box as="section" padding="400">
      {children}
    </Box>
  );
}
