import { Button, InlineStack } from '@shopify/polaris';

import { useDownload } from './use-download.ts';

export interface FileButtonProps {
  label: string;
  /** For a label that stands many times on a page: what this file is of. */
  accessibilityLabel?: string;
  /** As small as the words around it. */
  isPlain?: boolean;
  address: string;
  fileName: string;
  /** What is said where there is no file. */
  failed: string;
}

export function FileButton({ label, accessibilityLabel, isPlain = false, address, fileName, failed }: FileButtonProps) {
  const { isLoading, download } = useDownload(failed);
  const button = (
    <Button
      onClick={() => void download(address, fileName)}
      loading={isLoading}
      {...(isPlain ? { variant: 'plain' } : {})}
      {...(accessibilityLabel === undefined ? {} : { accessibilityLabel })}
    >
      {label}
    </Button>
  );
  return isPlain ? button : <InlineStack>{button}</InlineStack>;
}
