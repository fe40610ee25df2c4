import { Modal, type ModalProps } from '@shopify/polaris';
import { useEffect, useState } from 'react';

/** A dialog that is there while it is open. Closed by a button or by Esc, it gives the focus back to what opened it. */
export function Dialog(props: Omit<ModalProps, 'open'>) {
  const [opener] = useState(() =>
    typeof document === 'undefined' ? null : document.activeElement,
  );
  useEffect(
    () => () => {
      // After what closed it is rendered: the opener may be gone with it, and then the page keeps its place itself.
      setTimeout(() => {
        const isLost = document.activeElement === null || document.activeElement === document.body;
        if (isLost && opener instanceof HTMLElement && opener.isConnected) opener.focus();
      });
    },
    [opener],
  );
  return <Modal open {...props} />;
}
