import { Modal, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

export interface DeleteSegmentDialogProps {
  name: string;
  isOpen: boolean;
  isDeleting: boolean;
  onClose: () => void;
  onConfirm: () => void;
}

export function DeleteSegmentDialog({ name, isOpen, isDeleting, onClose, onConfirm }: DeleteSegmentDialogProps) {
  const { t } = useTranslation('segments');
  return (
    <Modal
      open={isOpen}
      onClose={onClose}
      title={t('remove.title', { name })}
      primaryAction={{ content: t('remove.confirm'), destructive: true, loading: isDeleting, onAction: onConfirm }}
      secondaryActions={[{ content: t('remove.keep'), onAction: onClose }]}
    >
      <Modal.Section>
        <Text as="p">{t('remove.text')}</Text>
      </Modal.Section>
    </Modal>
  );
}
