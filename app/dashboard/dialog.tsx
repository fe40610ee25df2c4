import { Modal, type ModalProps } from '@shopify/polaris';
import { useEffect, useState } from 'react';

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
  return <Modal open {...props} />;
}
