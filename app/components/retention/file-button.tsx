import { Button, InlineStack } from '@shopify/polaris';
import { useState } from 'react';

import { saveFile } from './save-file.ts';

export interface FileButtonProps {
  label: string;
  address: string;
  fileName: string;
  /** What is said where there is no file. */
  failed: string;
}

/** Fetches a file and does not link to it: App Bridge gives its token to what a page fetches, and a link would bring none. */
export function FileButton({ label, address, fileName, failed }: FileButtonProps) {
  const [isLoading, setIsLoading] = useState(false);
  const download = async () => {
    setIsLoading(true);
    try {
      await saveFile(address, fileName);
    } catch {
      window.shopify.toast.show(failed, { isError: true });
    } finally {
      setIsLoading(false);
    }
  };
  return (
    <InlineStack>
      <Button onClick={() => void download()} loading={isLoading}>
        {label}
      </Button>
    </InlineStack>
  );
}
