import { List, Modal, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

export interface StatusDialogProps {
  isOpen: boolean;
  isSaving: boolean;
  onClose: () => void;
  onConfirm: () => void;
}

/** After a pause, or while the program was being wound down. */
export function ResumeDialog({ isOpen, isSaving, onClose, onConfirm }: StatusDialogProps) {
  const { t } = useTranslation('loyalty');
  return (
    <Modal
      open={isOpen}
      onClose={onClose}
      title={t('goLiveDialog.title')}
      primaryAction={{ content: t('goLiveDialog.confirm'), loading: isSaving, onAction: onConfirm }}
      secondaryActions={[{ content: t('goLiveDialog.keep'), onAction: onClose }]}
    >
      <Modal.Section>
        <Text as="p">{t('goLiveDialog.again')}</Text>
      </Modal.Section>
      <Modal.Section>
        <Text as="p">{t('goLiveDialog.reversible')}</Text>
      </Modal.Section>
    </Modal>
  );
}

/** What a pause means for those who have points. */
export function PauseDialog({ isOpen, isSaving, onClose, onConfirm }: StatusDialogProps) {
  const { t } = useTranslation('loyalty');
  return (
    <Modal
      open={isOpen}
      onClose={onClose}
      title={t('pauseDialog.title')}
      primaryAction={{ content: t('pauseDialog.confirm'), loading: isSaving, onAction: onConfirm }}
      secondaryActions={[{ content: t('pauseDialog.cancel'), onAction: onClose }]}
    >
      <Modal.Section>
        <List>
          {(['earn', 'keep', 'spend', 'refunds'] as const).map((what) => (
            <List.Item key={what}>{t(`pauseDialog.${what}`)}</List.Item>
          ))}
        </List>
      </Modal.Section>
    </Modal>
  );
}
