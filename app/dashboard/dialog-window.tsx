import { Modal, type ModalProps } from '@shopify/polaris';

export default function DialogWindow(props: Omit<ModalProps, 'open'>) {
  return <Modal open {...props} />;
}
