import { Modal, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

export interface CancelImportDialogProps {
  isOpen: boolean;
  onClose: () => void;
  onConfirm: () => void;
}

export function CancelImportDialog({ isOpen, onClose, onConfirm }: CancelImportDialogProps) {
  const { t } = useTranslation('history');
  return (
    <Modal
      open={isOpen}
      onClose={onClose}
      title={t('cancel.title')}
      primaryAction={{ content: t('cancel.confirm'), destructive: true, onAction: onConfirm }}
      secondaryActions={[{ content: t('cancel.keep'), onAction: onClose }]}
    >
      <Modal.Section>
        <Text as="p">{t('cancel.text')}</Text>
      </Modal.Section>
    </Modal>
  );
}
