import { useTranslation } from 'react-i18next';

import { FileButton } from '#app/components/files/file-button.tsx';

export function DownloadButton({ asOf, period, cut = null }: { asOf: string; period?: string; cut?: string | null }) {
  const { t, i18n } = useTranslation('cohorts');
  const query = new URLSearchParams({ asOf, locale: i18n.language, ...(period === undefined ? {} : { period }), ...(cut === null ? {} : { cut }) });
  return <FileButton label={t('download')} address={`/app/export/cohorts.csv?${query}`} fileName={`cohorts-${asOf}.csv`} failed={t('downloadFailed')} />;
}
